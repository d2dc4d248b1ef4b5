import { compareDump, readDump } from '@istio-ambient-policy/shared'
import { reportComparison } from '../compareReport.js'
import { formatCompareText } from '../format/compareText.js'
import { asSingleMesh } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { displayPath } from '../paths.js'
import { inputText, parseJson, readInput } from '../readInput.js'
import { createStyle } from '../style.js'
import { formatOption, PATHS_HELP, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  $ istioctl ztunnel-config all -o json | ambient-policy compare - deploy/
  $ istioctl ztunnel-config policies -o json > policies.json && ambient-policy compare policies.json deploy/

Exit status: 0 no differences, 1 differences, 2 a wrong command line or input that cannot be read.`

/** `compare`: compares a configuration of ztunnel with the one that the files predict. */
export const addCompare: AddCommand = (program, io, finish) => {
  program
    .command('compare')
    .description('compare the configuration of a ztunnel with the one that the files predict')
    .argument('<dump>', 'output of "istioctl ztunnel-config … -o json"; "-" reads standard input')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', EXAMPLES)
    .action(async (dump: string, paths: string[], { format }: { readonly format: string }) => {
      finish(await compare(io, dump, { paths, format }))
    })
}

async function compare(
  io: CliIo,
  dump: string,
  { paths, format }: { readonly paths: readonly string[]; readonly format: string },
): Promise<number> {
  if (dump === '-' && paths.includes('-'))
    throw new CommandFailure('standard input can be the dump or the manifests, not both')
  const name = dump === '-' ? 'standard input' : dump
  const text = dump === '-' ? inputText(name, await io.readStdin()) : readInput(io, dump)
  const { config, problem } = readDump(parseJson(text, name))
  if (!config) throw new CommandFailure(`${name}: ${problem}`)
  const { analysis, incomplete } = await loadOneMesh(io, asSingleMesh(io, paths))
  const report = reportComparison(compareDump(analysis.mesh, config), analysis, (file) =>
    displayPath(io.cwd, file),
  )
  io.out(
    format === 'json'
      ? `${JSON.stringify(report, undefined, 2)}\n`
      : formatCompareText(report, createStyle(io.colours)),
  )
  if (incomplete) return EXIT_FAILURE
  return report.differences.length > 0 ? EXIT_FINDINGS : EXIT_OK
}
