import type { RequestHttp } from '@istio-ambient-policy/shared'
import { l10n, window } from 'vscode'
import { ask, type Answer, type Choice, type Question } from './ask.js'
import type { QuestionContext, RequestDraft } from './requestDraft.js'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

type Position = Pick<Question<unknown>, 'title' | 'step' | 'steps'>
type Action = 'evaluate' | 'tcp' | 'method' | 'path' | 'host' | 'header' | 'claims' | 'principal'

/** Asks for the HTTP request, whose details are optional, or for a plain TCP connection. */
export async function askForHttp(
  draft: RequestDraft,
  context: QuestionContext,
  position: Position,
): Promise<Answer<Partial<RequestDraft>>> {
  let http: RequestHttp = { method: 'GET', path: '/', ...draft.http, ...context.last.http }
  for (;;) {
    const answer = await ask<Action>({
      ...position,
      placeholder: l10n.t('Request (optional details)'),
      choices: actions(http),
    })
    if (answer === undefined || answer === 'back') return answer
    if (answer.value === 'evaluate') return { value: { http } }
    if (answer.value === 'tcp') return { value: { http: null } }
    http = { ...http, ...(await CHANGES[answer.value](http, context, position)) }
  }
}

function actions(http: RequestHttp): Choice<Action>[] {
  const headers = Object.entries(http.headers ?? {}).map(
    ([name, value]) => `${name}: ${String(value)}`,
  )
  return [
    {
      label: `$(play) ${l10n.t('Evaluate')}`,
      description: `${http.method ?? 'GET'} ${http.path ?? '/'}`,
      value: 'evaluate',
    },
    { label: `$(plug) ${l10n.t('Evaluate as a plain TCP connection')}`, value: 'tcp' },
    { label: l10n.t('Details') },
    { label: l10n.t('Method'), description: http.method, value: 'method' },
    { label: l10n.t('Path'), description: http.path, value: 'path' },
    {
      label: l10n.t('Host'),
      description: http.host ?? l10n.t('name of the destination'),
      value: 'host',
    },
    { label: l10n.t('Header'), description: headers.join(', ') || l10n.t('none'), value: 'header' },
    {
      label: l10n.t('Request principal of a JWT'),
      description: http.requestPrincipal ?? l10n.t('no token'),
      value: 'principal',
    },
    {
      label: l10n.t('Claims of a JWT'),
      description: http.claims ? JSON.stringify(http.claims) : l10n.t('no token'),
      value: 'claims',
    },
  ]
}

type Change = (
  http: RequestHttp,
  context: QuestionContext,
  position: Position,
) => Promise<RequestHttp>

const CHANGES: Readonly<Record<Exclude<Action, 'evaluate' | 'tcp'>, Change>> = {
  method: async (http, { choices }, position) => {
    const method = await askForText(position, {
      placeholder: l10n.t('HTTP method'),
      known: [...METHODS, ...choices.methods],
      selected: http.method,
    })
    return method === undefined ? {} : { method: method.toUpperCase() }
  },
  path: async (http, { choices }, position) => {
    const path = await askForText(position, {
      placeholder: l10n.t('HTTP path: choose a path of a policy, or type a path'),
      known: ['/', ...choices.paths.map(withoutWildcards)],
      selected: http.path,
    })
    return path === undefined ? {} : { path: path.startsWith('/') ? path : `/${path}` }
  },
  host: async (http, { choices }, position) => {
    const host = await askForText(position, {
      placeholder: l10n.t('HTTP host'),
      known: choices.hosts.map(withoutWildcards),
      selected: http.host,
    })
    return host === undefined ? {} : { host }
  },
  header: async (http, { choices }, position) => {
    const name = await askForText(position, {
      placeholder: l10n.t('Name of the HTTP header'),
      known: choices.headers.map((header) => header.name),
    })
    const known = choices.headers.find((header) => header.name === name)?.values ?? []
    const value =
      name === undefined
        ? undefined
        : await askForText(position, {
            placeholder: l10n.t('Value of the HTTP header {0}', name),
            known: known.map(withoutWildcards),
          })
    return name === undefined || value === undefined
      ? {}
      : { headers: { ...http.headers, [name.toLowerCase()]: value } }
  },
  principal: async (http, { choices }, position) => {
    const requestPrincipal = await askForText(position, {
      placeholder: l10n.t('Request principal: issuer/subject of the verified token'),
      known: choices.requestPrincipals.map(withoutWildcards),
      selected: http.requestPrincipal,
    })
    return requestPrincipal === undefined ? {} : { requestPrincipal }
  },
  claims: async (http, _, position) => {
    const written = await window.showInputBox({
      title: position.title,
      prompt: l10n.t('Payload of the verified token, as JSON'),
      value: JSON.stringify(http.claims ?? { iss: 'issuer.example', sub: 'subject' }),
      ignoreFocusOut: true,
      validateInput: (value) => (readClaims(value) ? undefined : l10n.t('Enter a JSON object.')),
    })
    const claims = written === undefined ? undefined : readClaims(written)
    return claims ? { claims } : {}
  },
}

/** An example that matches a pattern: `/items/*` becomes `/items/any`. */
function withoutWildcards(pattern: string): string {
  return pattern.replaceAll('{**}', 'any').replaceAll('{*}', 'any').replaceAll('*', 'any')
}

async function askForText(
  position: Position,
  {
    placeholder,
    known,
    selected,
  }: {
    readonly placeholder: string
    readonly known: readonly string[]
    readonly selected?: string | undefined
  },
): Promise<string | undefined> {
  const choices = [...new Set(known)].map((value) => ({ label: value, value }))
  const answer = await ask<string>({
    ...position,
    placeholder,
    choices,
    selected,
    fromText: (text) => ({ label: text, value: text }),
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
