import type { InputOptions } from '../inputs.js'
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
  $ istioctl ztunnel-config policies -o json > policies.json
  $ ambient-policy compare policies.json deploy/

Exit status: 0 no differences, 1 differences, 2 a wrong command line or input
that cannot be read.`

export interface CompareOptions extends InputOptions {
  readonly strict?: boolean
  readonly paths: readonly string[]
  readonly format: string
}

/** `compare`: compares a configuration of ztunnel with the one that the files predict. */
export const addCompare: AddCommand = (program, io, finish) => {
  const command = program
    .command('compare')
    .description('compare the configuration of a ztunnel with the one that the files predict')
    .argument(
      '<dump>',
      'output of "istioctl ztunnel-config … -o json" or "-o yaml"; "-" reads standard input',
    )
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .addOption(formatOption(['text', 'json']))
    .addOption(strictOption())
  addInputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (dump: string, paths: string[], options: Omit<CompareOptions, 'paths'>) => {
      const { compare } = await import('../run/compare.js')
      finish(await compare(io, dump, { ...options, paths }))
    })
}
