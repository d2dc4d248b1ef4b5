import type { AccessRequest, Verdict } from '../access/request.js'
import { editDocument } from '../yaml/edit/editDocument.js'
import type { TextEdit } from '../yaml/edit/textEdit.js'
import { formatTestFile, plainCase, targetText } from './formatTestFile.js'
import { readTestFile } from './readTestFile.js'

/** A request with its present verdict. */
export interface PinnedRequest {
  readonly request: AccessRequest
  readonly expect: Verdict
  readonly by?: string | undefined
}

/**
 * The edits that add a case for a request to a test file. An empty text becomes a test file. Undefined for a file with
 * problems, or one that cannot be edited safely.
 */
export function addCase(
  text: string,
  { request, expect, by }: PinnedRequest,
): TextEdit[] | undefined {
  if (text.trim() === '') {
    const written = { name: nameOf(request, expect, new Set()), requests: [request], expect, by }
    return [{ span: { start: 0, end: text.length }, newText: formatTestFile([written]) }]
  }
  const { testFile, problems } = readTestFile(text)
  if (problems.length > 0) return undefined
  const names = new Set(testFile.tests.map(({ name }) => name))
  const written = { name: nameOf(request, expect, names), requests: [request], expect, by }
  return editDocument(text, { op: 'append', path: ['cases'], values: [plainCase(written)] })
}

const DOES: Readonly<Record<Verdict, string>> = {
  allow: 'can reach',
  deny: 'cannot reach',
  undecided: 'may reach',
}

/** `shop/web can reach service shop/api:80 with GET /orders`, with a number if another test has the name. */
function nameOf(
  { from, to, http }: AccessRequest,
  verdict: Verdict,
  names: ReadonlySet<string>,
): string {
  const client =
    from.namespace === undefined
      ? `a client at ${from.ip ?? 'any address'}`
      : `${from.namespace}/${from.serviceAccount ?? ''}`
  const what = http ? ` with ${http.method ?? 'GET'} ${http.path ?? '/'}` : ''
  const name = `${client} ${DOES[verdict]} ${targetText(to)}${what}`
  let found = name
  for (let number = 2; names.has(found); number++) found = `${name} (${number})`
  return found
}
