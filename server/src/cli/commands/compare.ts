import { compareDump, readDump } from '@istio-ambient-policy/shared'
import { reportComparison } from '../compareReport.js'
import { toJson } from '../format/json.js'
import { formatCompareText } from '../format/compareText.js'
import { asSingleMesh, type InputOptions } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import { inputText, parseJson, readInput, readStdinBytes } from '../readInput.js'
import { createStyle } from '../style.js'
import {
  addInputOptions,
  formatOption,
  PATHS_HELP,
  strictOption,
  type AddCommand,
} from './commandLine.js'

const EXAMPLES = `
Examples:
  $ istioctl ztunnel-config all -o json | ambient-policy compare - deploy/
  $ istioctl ztunnel-config policies -o json > policies.json && ambient-policy compare policies.json deploy/

Exit status: 0 no differences, 1 differences, 2 a wrong command line or input that cannot be read.`

interface CompareOptions extends InputOptions {
  readonly strict?: boolean
  readonly paths: readonly string[]
  readonly format: string
}

/** `compare`: compares a configuration of ztunnel with the one that the files predict. */
export const addCompare: AddCommand = (program, io, finish) => {
  const command = program
    .command('compare')
    .description('compare the configuration of a ztunnel with the one that the files predict')
    .argument('<dump>', 'output of "istioctl ztunnel-config … -o json"; "-" reads standard input')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .addOption(formatOption(['text', 'json']))
    .addOption(strictOption())
  addInputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (dump: string, paths: string[], options: Omit<CompareOptions, 'paths'>) => {
      finish(await compare(io, dump, { ...options, paths }))
    })
}

async function compare(io: CliIo, dump: string, options: CompareOptions): Promise<number> {
  const { paths, format } = options
  if (dump === '-' && paths.includes('-'))
    throw new CommandFailure('standard input can be the dump or the manifests, not both')
  const name = dump === '-' ? 'standard input' : dump
  const text = dump === '-' ? inputText(name, await readStdinBytes(io)) : readInput(io, dump)
  const { config, problem } = readDump(parseJson(text, name))
  if (!config) throw new CommandFailure(`${name}: ${problem}`)
  const { analysis, incomplete, notRead, placeOf } = await loadOneMesh(
    io,
    asSingleMesh(io, paths, options),
  )
  const report = reportComparison(compareDump(analysis.mesh, config), analysis, placeOf)
  io.out(
    format === 'json'
      ? `${toJson(report, 2)}\n`
      : formatCompareText(report, createStyle(io.colours)),
  )
  if (failsStrictly(io, options, notRead) || incomplete) return EXIT_FAILURE
  return report.differences.length > 0 ? EXIT_FINDINGS : EXIT_OK
}
