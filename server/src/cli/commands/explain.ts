import { FORMAT_NAMES, type FormatName } from '../format/formatNames.js'
import type { InputOptions } from '../inputs.js'
import { addInputOptions, formatOption, PATHS_HELP, type AddCommand } from './commandLine.js'

export interface ExplainOptions extends InputOptions {
  readonly format: FormatName<'explain'>
}

/** `explain`: explains an object as a hover does. Of several definitions it uses the first, and prints a notice. */
export const addExplain: AddCommand = (program, io, finish) => {
  const command = program
    .command('explain')
    .description(
      'explain what enforces a policy, or which policies apply to a workload, Service, Namespace or Gateway',
    )
    .argument('<object>', 'KIND/NAMESPACE/NAME, or KIND/NAME')
    .argument('[paths...]', PATHS_HELP.manifests, ['.'])
    .addOption(formatOption(FORMAT_NAMES.explain))
  addInputOptions(command).action(
    async (object: string, paths: string[], options: ExplainOptions) => {
      const { explain } = await import('../run/explain.js')
      finish(await explain(io, object, { ...options, paths }))
    },
  )
}
