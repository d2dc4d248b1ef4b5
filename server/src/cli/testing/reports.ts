import type { CheckReport, ReportedFinding } from '../checkReport.js'
import type { CheckFormatContext } from '../format/checkFormat.js'
import { createStyle } from '../style.js'
import { createCliFolder, type CliFolder } from './cliFolder.js'
import { ALLOW_GET, DISABLED, NAMESPACE_AND_API } from './meshFiles.js'

/** A folder `mesh` with findings of several levels, in a file name with a space and a file with CRLF. */
export function createReportFolder(): CliFolder {
  return createCliFolder({
    'mesh/all the/mesh.yaml': NAMESPACE_AND_API,
    'mesh/peers.yaml': DISABLED.replaceAll('\n', '\r\n'),
    'mesh/allow.yaml': ALLOW_GET,
    'mesh/debris.yaml': `${ALLOW_GET.replace('allow-get', 'other')}EOF\n`,
  })
}

/** The output of `check` in a format. */
export async function check(cli: CliFolder, format: string, ...args: string[]): Promise<string> {
  return (await cli.run(['check', '--format', format, ...args])).out
}

/** A finding with any values, also with values that no rule has. */
export function finding(
  given: Partial<ReportedFinding> & { readonly line?: number } = {},
): ReportedFinding {
  const line = given.line ?? 0
  return {
    rule: 'empty-selector',
    level: 'error',
    message: 'Nothing.',
    file: 'a.yaml',
    range: { start: { line, character: 2 }, end: { line, character: 5 } },
    object: { kind: 'Service', namespace: 'shop', name: 'api' },
    path: ['spec'],
    related: [],
    assumptions: [],
    fixes: [],
    ...given,
  }
}

export function reportOf(...findings: ReportedFinding[]): CheckReport {
  return {
    findings,
    notRead: [],
    summary: {
      files: 1,
      objects: 1,
      notRead: 0,
      rulesOff: 0,
      ignored: 0,
      error: findings.length,
      warning: 0,
      information: 0,
      hint: 0,
    },
  }
}

export const CONTEXT: CheckFormatContext = {
  version: '1.2.3',
  style: createStyle(false),
  failOn: 'error',
  files: ['a.yaml'],
  complete: true,
  strict: false,
  textOf: () => undefined,
  fixesOf: () => [],
}
