import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { commonJsChunks } from './commonJsChunks.mjs'

const SOURCES = {
  'main.js': `import { add } from './count.js'\nadd('main')\nimport('./first.js').then(({ first }) => first())`,
  'first.js': `import { add } from './count.js'\nimport { both } from './both.js'\nexport async function first() { add('first'); both(); const { second } = await import('./second.js'); second() }`,
  'second.js': `import { add, counts } from './count.js'\nimport { both } from './both.js'\nimport './big.js'\nexport function second() { add('second'); both(); console.log(counts.join(' ')) }`,
  'both.js': `import { add } from './count.js'\nadd('both loaded')\nexport const both = () => add('both')`,
  'count.js': `export const counts = []\nexport const add = (name) => counts.push(name)`,
  'big.js': `globalThis.big = 'µ'\nthrow new Error('is loaded')`,
}

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pack-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function packed(packs, sources = SOURCES) {
  for (const [file, text] of Object.entries(sources)) writeFileSync(join(folder, file), text)
  const out = join(folder, 'out')
  mkdirSync(out, { recursive: true })
  const { metafile } = await build({
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    metafile: true,
    ...commonJsChunks({ name: 'program', entry: join(folder, 'main.js'), folder: out, packs }),
  })
  return { out, outputs: metafile.outputs }
}

it('each module runs once, when it is needed, in the file of its first user', async () => {
  const { out, outputs } = await packed(
    { one: ['first.js'] },
    { ...SOURCES, 'big.js': `globalThis.big = 'b'` },
  )
  expect(readdirSync(join(out, 'program')).sort()).toEqual(['one.cjs', 'others.cjs', 'start.cjs'])
  expect(Object.keys(outputs).sort()).toEqual([
    'out/program.cjs',
    'out/program/one.cjs',
    'out/program/others.cjs',
    'out/program/start.cjs',
  ])
  expect(Object.keys(outputs['out/program/one.cjs'].inputs).sort()).toEqual(['both.js', 'first.js'])
  expect(readFileSync(join(out, 'program/one.cjs'), 'utf8')).toContain('both loaded')
  const printed = execFileSync(process.execPath, [join(out, 'program.cjs')], { encoding: 'utf8' })
  expect(printed).toBe('main both loaded first both second both\n')
})

it('a module that is not loaded does not run', async () => {
  const { out } = await packed(
    { one: ['first.js'] },
    {
      ...SOURCES,
      'first.js': `import './both.js'\nexport const first = () => console.log('done')\nif (globalThis.never) import('./second.js')`,
    },
  )
  expect(execFileSync(process.execPath, [join(out, 'program.cjs')], { encoding: 'utf8' })).toBe(
    'done\n',
  )
})

it('a file for a module that is loaded with another one is an error', async () => {
  await expect(packed({ one: ['both.js'] })).rejects.toThrow('No chunk is made of both.js.')
})
