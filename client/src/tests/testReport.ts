import type { RanFailure, RanTest } from '@istio-ambient-policy/shared'
import {
  l10n,
  Location,
  MarkdownString,
  TestMessage,
  Uri,
  type TestItem,
  type TestRun,
} from 'vscode'

/** Shows the result of a test in a run. */
export function report(
  run: TestRun,
  item: TestItem,
  { status, reason, notes, failures }: RanTest,
): void {
  for (const note of notes) run.appendOutput(`${item.label}: ${note}\r\n`, undefined, item)
  if (status === 'passed') run.passed(item)
  else if (status === 'failed')
    run.failed(
      item,
      failures.map((failure) => messageOf(failure, item)),
    )
  else {
    run.skipped(item)
    if (reason !== null)
      run.appendOutput(`${l10n.t('{0} is skipped: {1}', item.label, reason)}\r\n`, undefined, item)
  }
}

/** `5 passed, 1 failed, 1 skipped`. */
export function countsInWords(tests: readonly RanTest[]): string {
  const count = (status: RanTest['status']): number =>
    tests.filter((test) => test.status === status).length
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')]
  return [
    l10n.t('{0} passed', passed),
    ...(failed > 0 ? [l10n.t('{0} failed', failed)] : []),
    ...(skipped > 0 ? [l10n.t('{0} skipped', skipped)] : []),
  ].join(', ')
}

/** The answer of each proxy, with links to the rules. */
function messageOf({ lines, places }: RanFailure, { uri, range }: TestItem): TestMessage {
  const [first = '', ...details] = lines
  const text = new MarkdownString().appendText(first)
  if (details.length > 0) text.appendCodeblock(details.join('\n'), 'text')
  for (const { policy, uri: file, range: place } of places) {
    const target = Uri.parse(file, true).with({ fragment: `L${place.start.line + 1}` })
    text.appendMarkdown(`\n\n[${policy.replace(/[[\]\\`*_<>]/g, '\\$&')}](${target.toString()})`)
  }
  const message = new TestMessage(text)
  if (uri && range) message.location = new Location(uri, range)
  return message
}
