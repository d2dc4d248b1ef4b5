import type { AccessRequest, Verdict } from '../access/request.js'
import { editDocument } from '../yaml/edit/editDocument.js'
import type { TextEdit } from '../yaml/edit/textEdit.js'
import { formatTestFile, plainCase, targetText, type WrittenCase } from './formatTestFile.js'
import { readTestFile } from './readTestFile.js'

/** A request with its present verdict. */
export interface PinnedRequest {
  readonly request: AccessRequest
  readonly expect: Verdict
  readonly by?: string | undefined
}

/**
 * The edits that add a case for each request to a test file. An empty text becomes a test file. Undefined for a file
 * with problems, or one that cannot be edited safely.
 */
export function addCases(text: string, requests: readonly PinnedRequest[]): TextEdit[] | undefined {
  const isNew = text.trim() === ''
  const { testFile, problems } = isNew ? { testFile: undefined, problems: [] } : readTestFile(text)
  if (problems.length > 0) return undefined
  const names = new Set((testFile?.tests ?? []).map(({ name }) => name))
  const written = requests.map(({ request, expect, by }): WrittenCase => ({
    name: unique(caseName(request, expect), names),
    requests: [request],
    expect,
    by,
  }))
  return isNew
    ? [{ span: { start: 0, end: text.length }, newText: formatTestFile(written) }]
    : editDocument(text, { op: 'append', path: ['cases'], values: written.map(plainCase) })
}

const DOES: Readonly<Record<Verdict, string>> = {
  allow: 'can reach',
  deny: 'cannot reach',
  undecided: 'may reach',
}

/** `shop/web can reach service shop/api:80 with GET /orders`. */
export function caseName({ from, to, http }: AccessRequest, verdict: Verdict): string {
  const client =
    from.namespace === undefined
      ? `a client at ${from.ip ?? 'any address'}`
      : `${from.namespace}/${from.serviceAccount ?? ''}`
  const what = http ? ` with ${http.method ?? 'GET'} ${http.path ?? '/'}` : ''
  return `${client} ${DOES[verdict]} ${targetText(to)}${what}`
}

/** The name, with a number if another test has it. It is added to the names. */
function unique(name: string, names: Set<string>): string {
  let found = name
  for (let number = 2; names.has(found); number++) found = `${name} (${number})`
  names.add(found)
  return found
}
