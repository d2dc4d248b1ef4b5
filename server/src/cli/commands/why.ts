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
  $ kubectl logs -n istio-system ds/ztunnel | ambient-policy why - deploy/
  $ kubectl logs deploy/waypoint -n shop | ambient-policy why - deploy/
  $ ambient-policy why \\
      'rbac_access_denied_matched_policy[ns[shop]-policy[readers]-rule[0]]' \\
      deploy/

Logs: the access log of ztunnel and its messages about policies; the access log
of a waypoint or sidecar; the debug log "rbac" of Envoy. Text and JSON.`

export interface WhyOptions extends InputOptions {
  readonly strict?: boolean
  readonly paths: readonly string[]
  readonly format: string
}

/** `why`: explains lines of logs. JSON has one line for each. */
export const addWhy: AddCommand = (program, io, finish) => {
  const command = program
    .command('why')
    .description(
      'explain a log line of ztunnel or Envoy: the policy, the rule and the YAML that decided',
    )
    .argument('<log>', 'file with log lines, "-" for standard input, or one log line')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .addOption(formatOption(['text', 'json']))
    .addOption(strictOption())
  addInputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (log: string, paths: string[], options: Omit<WhyOptions, 'paths'>) => {
      const { why } = await import('../run/why.js')
      finish(await why(io, log, { ...options, paths }))
    })
}
