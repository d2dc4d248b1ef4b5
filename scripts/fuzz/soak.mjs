// A long time in one editor: a bundled server in its own process gets edits over standard input and output. At each
// checkpoint it must have the diagnostics of a new server, and not much more memory.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { workspaceFiles } from '../generate/workspace.mjs'
import { ProcessClient } from './client.mjs'
import { act, differenceBetween, drawRequest, startLike } from './requests.mjs'
import { drawFiles, drawStep } from './steps.mjs'

const CHECKPOINTS = 10
/** Of these changes of settings one is made, because it reads the whole folder again. */
const SETTINGS_OF = 10
/** The files around the edited ones. */
const WORKSPACE = { files: 500, documents: 2_500, seed: 15 }
/** The server gets no more edits at once. */
const MOST_AT_ONCE = 25
/** A longer document is written anew, so that the work of an edit does not grow. */
const MAX_LENGTH = 30_000
/** Of the heap without compiled code and its records, between a server after its edits and a new server. */
const MAX_RATIO = 1.5
const MEGABYTE = 1e6

export const soak = {
  name: 'soak',
  shrinkBudget: 0,
  draw: (random, corpus, wanted) => ({
    context: { files: drawFiles(random, corpus) },
    parts: Array.from({ length: wanted }, () =>
      random.chance(10) ? drawRequest(random) : drawEdit(random, corpus),
    ),
    units: wanted,
  }),
  async check({ context: { files }, parts }, beat) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ambient-policy-soak-')))
    const bundles = mkdtempSync(join(tmpdir(), 'ambient-policy-bundles-'))
    try {
      execFileSync(process.execPath, ['esbuild.mjs', '--only', 'server', '--to', bundles])
      for (const { file, text } of files) write(join(folder, file), text)
      for (const [file, text] of workspaceFiles(WORKSPACE))
        write(join(folder, 'around', file), text)
      return await edit(folder, join(bundles, 'server.cjs'), { parts, beat })
    } finally {
      for (const path of [folder, bundles]) rmSync(path, { recursive: true, force: true })
    }
  },
  show: ({ parts }) => parts.map((step) => JSON.stringify(step)).join('\n'),
}

function drawEdit(random, corpus) {
  for (;;) {
    const step = drawStep(random, corpus)
    if (step.do !== 'settings' || random.below(SETTINGS_OF) === 0) return step
  }
}

async function edit(folder, bundle, { parts, beat }) {
  const start = () => new ProcessClient(folder, bundle)
  const client = start()
  await client.start()
  await client.failedAnswers()
  const every = Math.ceil(parts.length / CHECKPOINTS)
  try {
    for (const [index, step] of parts.entries()) {
      await act(client, shortened(client, step))
      if (index % MOST_AT_ONCE === 0) {
        await client.failedAnswers()
        beat(index)
      }
      if ((index + 1) % every !== 0 && index + 1 < parts.length) continue
      const problem = await checkpoint(client, start, {
        count: index + 1,
        isLast: index + 1 === parts.length,
      })
      if (problem !== undefined) return `After ${index + 1} edits: ${problem}`
    }
    return client.errors.length > 0 ? `The server logs an error: ${client.errors[0]}` : undefined
  } finally {
    await client.stop()
  }
}

/** Compiled code is left out: a new server has compiled little of its code. */
const dataSize = ({ heapUsed, code }) => heapUsed - code

/** The server must have the diagnostics of a new one, and its memory must not grow. */
async function checkpoint(client, start, { count, isLast }) {
  // The server assigns files to meshes when they are saved, not on each keystroke.
  for (const uri of client.documents.keys())
    await act(client, { do: 'save', file: uri.slice(client.uri('').length) })
  await client.failedAnswers()
  const fresh = await startLike(client, start())
  // The mesh of these views is made for the first request, and stays in memory.
  for (const each of [client, fresh]) {
    for (const method of ['meshView', 'evaluateChoices'])
      each.ask(`istioAmbientPolicy/${method}`, { textDocument: { uri: each.uri('a.yaml') } })
    await each.failedAnswers()
  }
  const [memory, ofNew] = [await client.memory(), await fresh.memory()]
  const ratio = dataSize(memory) / dataSize(ofNew)
  const totalRatio = memory.heapUsed / ofNew.heapUsed
  const shown = ({ heapUsed, code, rss }) =>
    `${inMegabytes(heapUsed)} of heap (code ${inMegabytes(code)}), ${inMegabytes(rss)} resident`
  console.log(
    `  ${count} edits: ${shown(memory)}; a new server: ${shown(ofNew)} (without code ${ratio.toFixed(2)}, heap ${totalRatio.toFixed(2)}, resident ${(memory.rss / ofNew.rss).toFixed(2)})`,
  )
  const exact = isLast || ratio > MAX_RATIO ? await exactRatio(client, fresh) : ratio
  await fresh.stop()
  const difference = differenceBetween(client, fresh)
  if (difference !== undefined) return difference
  return exact > MAX_RATIO
    ? `the heap without compiled code is ${exact.toFixed(2)} times that of a new server`
    : undefined
}

/** From snapshots of both heaps, which take a second: the statistics of V8 leave out much of what code needs. */
async function exactRatio(client, fresh) {
  const [size, ofNew] = [await client.dataSize(), await fresh.dataSize()]
  console.log(
    `  without code and its records: ${inMegabytes(size)}; a new server: ${inMegabytes(ofNew)} (${(size / ofNew).toFixed(2)})`,
  )
  return size / ofNew
}

const inMegabytes = (size) => `${(size / MEGABYTE).toFixed(1)} MB`

function shortened(client, step) {
  const document = step.file === undefined ? undefined : client.documents.get(client.uri(step.file))
  return document && document.getText().length > MAX_LENGTH
    ? { do: 'revert', file: step.file }
    : step
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
