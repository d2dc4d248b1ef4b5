// The documents that `npm run docs` writes, as texts.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { allFlagsTable, commandsWithFlags, flagsTable } from './flags.mjs'
import { readManifest } from '../readManifest.mjs'
import { checkExcerpt, summaryExcerpt } from './output.mjs'
import { manifestWithTools, textsWithTools } from './languageModelTools.mjs'
import { withRegions } from './regions.mjs'
import { istiodFlagsTable, settingsTable } from './settings.mjs'
import { settingsJsonSchema, settingsTableFile } from './settingsSchema.mjs'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The JSON schema that the extension contributes for `.ambient-policy.yaml`. */
export const SETTINGS_SCHEMA = 'client/media/ambient-policy.schema.json'

const read = (file) => readFileSync(`${ROOT}${file}`, 'utf8')

/**
 * The documents with generated parts, by their paths.
 *
 * @param sources exports of the program that documents are generated from: see `sources.mjs`.
 */
export async function documents(sources) {
  const { createProgram, docsOf, ISTIOD_FLAGS, RULE_CATALOGUE } = sources
  const run = (args) => runCommand(sources, args)
  const program = createProgram(
    io(sources, () => undefined),
    () => undefined,
  )
  const { properties } = readManifest().contributes.configuration
  const flags = commandsWithFlags(program).map(({ name, command }) => [
    `flags ${name}`,
    flagsTable(command),
  ])
  const described = flags.filter(([name]) => read('docs/cli.md').includes(`<!-- ${name}:begin`))
  return {
    'package.json': await manifestWithTools(read('package.json'), sources),
    'package.nls.json': await textsWithTools(read('package.nls.json'), sources),
    'README.md': withRegions(read('README.md'), {
      check: await checkExcerpt(run),
      summary: await summaryExcerpt(run),
    }),
    'docs/cli.md': withRegions(read('docs/cli.md'), Object.fromEntries(described)),
    'docs/settings.md': withRegions(read('docs/settings.md'), {
      settings: settingsTable(properties),
      'istiod flags': istiodFlagsTable(ISTIOD_FLAGS),
      flags: allFlagsTable(program),
    }),
    [SETTINGS_SCHEMA]: await settingsJsonSchema(properties, { rules: RULE_CATALOGUE, docsOf }),
    'shared/src/protocol/settingTable.ts': await settingsTableFile(properties),
  }
}

/** What a command line prints to standard output, in the root of the repository. */
export async function runCommand(sources, args) {
  let printed = ''
  await sources.runCli(
    args,
    io(sources, (text) => {
      printed += text
    }),
  )
  return printed
}

function io({ nodeHost }, out) {
  return {
    version: '',
    host: nodeHost,
    cwd: ROOT.replaceAll('\\', '/').replace(/\/$/, ''),
    readStdin: () => Promise.resolve(new Uint8Array()),
    out,
    warn: () => undefined,
    colours: false,
  }
}
