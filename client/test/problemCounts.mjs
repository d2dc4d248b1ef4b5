// What the status bar of the workbench must show for a folder.
import { execFileSync } from 'node:child_process'

/** The label of the problems in the status bar, from the findings of the command line. */
export function problemCounts({ program, folder }) {
  const printed = execFileSync(
    process.execPath,
    [program, 'check', folder, '--format', 'json', '--fail-on', 'never'],
    { encoding: 'utf8', maxBuffer: 1 << 30 },
  )
  const { error, warning, information } = JSON.parse(printed).summary
  return `Errors: ${error}, Warnings: ${warning}, Infos: ${information}`
}
