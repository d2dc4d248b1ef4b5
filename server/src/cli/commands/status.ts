import type { InputOptions } from '../inputs.js'
import {
  addInputOptions,
  formatOption,
  PATHS_HELP,
  strictOption,
  type AddCommand,
} from './commandLine.js'

export interface StatusOptions extends InputOptions {
  readonly format: string
  readonly strict?: boolean
}

/** `status`: predicts the status conditions of istiod, sorted by kind, namespace, name and type. */
export const addStatus: AddCommand = (program, io, finish) => {
  const command = program
    .command('status')
    .description('predict the status conditions of policies, Services and ServiceEntries')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .addOption(formatOption(['table', 'json']))
    .addOption(strictOption())
  addInputOptions(command).action(async (paths: string[], options: StatusOptions) => {
    const { status } = await import('../run/status.js')
    finish(await status(io, paths, options))
  })
}
