import { FORMAT_NAMES, type FormatName } from '../format/formatNames.js'
import { Option } from 'commander'
import { formatOption, PATHS_HELP, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  # Which clients can reach a port, and with which requests
  $ ambient-policy access --to service payments/api:80 deploy/

  # What an account can reach
  $ ambient-policy access --from shop/web deploy/

  # All pairs of two namespaces
  $ ambient-policy access --from namespace:dev --to namespace:prod deploy/

  # Requests that reach a workload without its waypoint
  $ ambient-policy access --to workload payments/api --not-through waypoint \\
      deploy/

The answer covers all requests, not a sample. Requests that the files do not
decide are shown as undecided.`

export interface AccessOptions {
  readonly from?: string
  readonly to?: string
  readonly notThrough?: 'waypoint'
  readonly method?: string
  readonly path?: string
  readonly format: FormatName<'access'>
}

/** `access`: all requests that are allowed, from some clients or to some destinations. */
export const addAccess: AddCommand = (program, io, finish) => {
  program
    .command('access')
    .description('show which clients can reach which destinations, and with which requests')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .option(
      '--from <client>',
      'NAMESPACE/ACCOUNT, namespace:NAME, or outside for clients without an identity',
    )
    .option(
      '--to <target>',
      'service NAMESPACE/NAME[:PORT], workload NAMESPACE/NAME[:PORT], host NAME[:PORT], or namespace:NAME',
    )
    .addOption(
      new Option('--not-through <proxy>', 'only requests that no waypoint evaluates').choices([
        'waypoint',
      ]),
    )
    .option('--method <method>', 'only requests with this HTTP method; "*" as in a policy')
    .option('--path <path>', 'only requests with this HTTP path; "*" as in a policy')
    .addOption(formatOption(FORMAT_NAMES.access))
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: AccessOptions) => {
      const { access } = await import('../run/access.js')
      finish(await access(io, paths, options))
    })
}
