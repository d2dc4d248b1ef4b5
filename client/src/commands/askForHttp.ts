import type { RequestHttp } from '@istio-ambient-policy/shared'
import { window } from 'vscode'
import { ask, type Answer, type Choice, type Question } from './ask.js'
import type { Asked, RequestDraft } from './requestDraft.js'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

type At = Pick<Question<unknown>, 'title' | 'step' | 'steps'>
type Action = 'evaluate' | 'tcp' | 'method' | 'path' | 'host' | 'header' | 'claims' | 'principal'

/** Asks what is sent: an HTTP request, of which everything may be left as it is, or a plain TCP connection. */
export async function askForHttp(
  draft: RequestDraft,
  asked: Asked,
  at: At,
): Promise<Answer<Partial<RequestDraft>>> {
  let http: RequestHttp = { method: 'GET', path: '/', ...draft.http, ...asked.last.http }
  for (;;) {
    const answer = await ask<Action>({
      ...at,
      placeholder: 'What is sent? Evaluate as it is, or say more',
      choices: actions(http),
    })
    if (answer === undefined || answer === 'back') return answer
    if (answer.value === 'evaluate') return { value: { http } }
    if (answer.value === 'tcp') return { value: { http: null } }
    http = { ...http, ...(await CHANGES[answer.value](http, asked, at)) }
  }
}

function actions(http: RequestHttp): Choice<Action>[] {
  const headers = Object.entries(http.headers ?? {}).map(
    ([name, value]) => `${name}: ${String(value)}`,
  )
  return [
    {
      label: '$(play) Evaluate',
      description: `${http.method ?? 'GET'} ${http.path ?? '/'}`,
      value: 'evaluate',
    },
    { label: '$(plug) Evaluate as a plain TCP connection', value: 'tcp' },
    { label: 'Say more' },
    { label: 'Method', description: http.method, value: 'method' },
    { label: 'Path', description: http.path, value: 'path' },
    { label: 'Host', description: http.host ?? 'the destination', value: 'host' },
    { label: 'Header', description: headers.join(', ') || 'none', value: 'header' },
    {
      label: 'Request principal of a JWT',
      description: http.requestPrincipal ?? 'no token',
      value: 'principal',
    },
    {
      label: 'Claims of a JWT',
      description: http.claims ? JSON.stringify(http.claims) : 'no token',
      value: 'claims',
    },
  ]
}

type Change = (http: RequestHttp, asked: Asked, at: At) => Promise<RequestHttp>

const CHANGES: Readonly<Record<Exclude<Action, 'evaluate' | 'tcp'>, Change>> = {
  method: async (http, { choices }, at) => {
    const method = await text(at, {
      placeholder: 'Which method?',
      known: [...METHODS, ...choices.methods],
      marked: http.method,
    })
    return method === undefined ? {} : { method: method.toUpperCase() }
  },
  path: async (http, { choices }, at) => {
    const path = await text(at, {
      placeholder: 'Which path? Type one, or choose one that a policy names',
      known: ['/', ...choices.paths.map(fill)],
      marked: http.path,
    })
    return path === undefined ? {} : { path: path.startsWith('/') ? path : `/${path}` }
  },
  host: async (http, { choices }, at) => {
    const host = await text(at, {
      placeholder: 'Which host?',
      known: choices.hosts.map(fill),
      marked: http.host,
    })
    return host === undefined ? {} : { host }
  },
  header: async (http, { choices }, at) => {
    const name = await text(at, {
      placeholder: 'Which header?',
      known: choices.headers.map((header) => header.name),
    })
    const known = choices.headers.find((header) => header.name === name)?.values ?? []
    const value =
      name === undefined
        ? undefined
        : await text(at, { placeholder: `Which value of ${name}?`, known: known.map(fill) })
    return name === undefined || value === undefined
      ? {}
      : { headers: { ...http.headers, [name.toLowerCase()]: value } }
  },
  principal: async (http, { choices }, at) => {
    const requestPrincipal = await text(at, {
      placeholder: 'issuer/subject of the verified token',
      known: choices.requestPrincipals.map(fill),
      marked: http.requestPrincipal,
    })
    return requestPrincipal === undefined ? {} : { requestPrincipal }
  },
  claims: async (http, _, at) => {
    const written = await window.showInputBox({
      title: at.title,
      prompt: 'Payload of the verified token, as JSON',
      value: JSON.stringify(http.claims ?? { iss: 'issuer.example', sub: 'subject' }),
      ignoreFocusOut: true,
      validateInput: (value) => (readClaims(value) ? undefined : 'This is no JSON object.'),
    })
    const claims = written === undefined ? undefined : readClaims(written)
    return claims ? { claims } : {}
  },
}

/** A pattern with something in the place of its star, so that it can be sent. */
function fill(pattern: string): string {
  return pattern.replaceAll('{**}', 'any').replaceAll('{*}', 'any').replaceAll('*', 'any')
}

async function text(
  at: At,
  {
    placeholder,
    known,
    marked,
  }: {
    readonly placeholder: string
    readonly known: readonly string[]
    readonly marked?: string | undefined
  },
): Promise<string | undefined> {
  const choices = [...new Set(known)].map((value) => ({ label: value, value }))
  const answer = await ask<string>({
    ...at,
    placeholder,
    choices,
    marked,
    typed: (typed) => ({ label: typed, value: typed }),
  })
  return answer === undefined || answer === 'back' ? undefined : answer.value
}

function readClaims(written: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const claims: unknown = JSON.parse(written)
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? { ...claims }
      : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
