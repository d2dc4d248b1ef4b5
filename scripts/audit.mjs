// Asks the npm registry for known vulnerabilities of the dependencies. Fails if there are any. Without an answer,
// it prints the reason and passes.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Reads the output of `npm audit --json`: the vulnerable packages with their severity, or why there is no answer. */
export function readAudit(text) {
  let answer
  try {
    answer = JSON.parse(text)
  } catch {
    return { unanswered: text.trim().split('\n')[0] || 'npm printed nothing' }
  }
  const counts = answer?.metadata?.vulnerabilities
  if (typeof counts?.total !== 'number')
    return { unanswered: answer?.message ?? answer?.error?.summary ?? 'the answer has no counts' }
  return {
    vulnerable: Object.entries(answer.vulnerabilities ?? {}).map(
      ([name, { severity }]) => `${name} (${severity})`,
    ),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (error) throw error
  const { unanswered, vulnerable } = readAudit(stdout)
  if (unanswered !== undefined) console.log(`The dependencies were not audited: ${unanswered}`)
  else if (vulnerable.length > 0) {
    console.error(
      `Known vulnerabilities in ${vulnerable.join(', ')}. For details, run \`npm audit --omit=dev\`.`,
    )
    process.exitCode = 1
  } else console.log('The dependencies have no known vulnerabilities.')
}
