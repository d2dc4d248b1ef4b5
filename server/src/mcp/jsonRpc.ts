/** A JSON-RPC error, with the code of the specification. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const METHOD_NOT_FOUND = -32601
export const INVALID_PARAMS = -32602
export const INTERNAL_ERROR = -32603

/** Answers a request, or takes a notification: then the result is not sent. Throws an `RpcError`. */
export type RpcHandler = (method: string, params: unknown) => Promise<unknown>

/** Longer messages are refused before they are read. */
const MAX_LENGTH = 4_000_000

/** Serves JSON-RPC messages, one in each line, in their order, until the input ends. Never throws for a message. */
export async function serveJsonRpc(
  input: AsyncIterable<Uint8Array>,
  handler: RpcHandler,
  send: (line: string) => void,
): Promise<void> {
  for await (const line of linesOf(input)) {
    const answer = line === undefined ? tooLong() : await answerTo(line, handler)
    if (answer !== undefined) send(`${JSON.stringify(answer)}\n`)
  }
}

async function answerTo(line: string, handler: RpcHandler): Promise<unknown> {
  if (line.trim() === '') return undefined
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    return failure(null, new RpcError(PARSE_ERROR, 'The message is not JSON.'))
  }
  if (!Array.isArray(message)) return answerToMessage(message, handler)
  // A batch, as the revision 2025-03-26 allows.
  const answers: unknown[] = []
  for (const each of message as unknown[]) {
    const answer = await answerToMessage(each, handler)
    if (answer !== undefined) answers.push(answer)
  }
  return answers.length > 0 ? answers : undefined
}

async function answerToMessage(message: unknown, handler: RpcHandler): Promise<unknown> {
  const { jsonrpc, id, method, params } = isFields(message) ? message : {}
  const isId = typeof id === 'string' || typeof id === 'number'
  if (jsonrpc !== '2.0' || typeof method !== 'string') {
    // Answers to requests of this server would come here: it sends none.
    const isAnswer = isFields(message) && ('result' in message || 'error' in message)
    return isAnswer
      ? undefined
      : failure(isId ? id : null, new RpcError(INVALID_REQUEST, 'The message is not a request.'))
  }
  try {
    const result = await handler(method, params)
    return isId ? { jsonrpc, id, result } : undefined
  } catch (error) {
    if (!isId) return undefined
    return failure(
      id,
      error instanceof RpcError ? error : new RpcError(INTERNAL_ERROR, 'Internal error.'),
    )
  }
}

function failure(id: string | number | null, { code, message }: RpcError): unknown {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

function tooLong(): unknown {
  return failure(
    null,
    new RpcError(INVALID_REQUEST, `A message has at most ${MAX_LENGTH} characters.`),
  )
}

/** The lines of an input; undefined for a line that is too long. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  let isTooLong = false
  for await (const chunk of input) {
    const [end = '', ...starts] = decoder.decode(chunk, { stream: true }).split('\n')
    // Not searched again: a long line comes in thousands of chunks.
    rest += end
    for (const start of starts) {
      yield isTooLong || rest.length > MAX_LENGTH ? undefined : rest
      isTooLong = false
      rest = start
    }
    if (rest.length > MAX_LENGTH) {
      isTooLong = true
      rest = ''
    }
  }
  if (isTooLong) yield undefined
  else if (rest !== '') yield rest
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
