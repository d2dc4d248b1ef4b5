import { destinationChoices, requestChoices, sourceChoices } from '../access/choices.js'
import type { Completions, Suggestion } from '../completion/completion.js'
import { fieldItem, valueItem } from '../completion/completionItems.js'
import { readLoosely } from '../completion/readLoosely.js'
import type { Mesh } from '../mesh/mesh.js'
import { qualifiedName } from '../resources/resource.js'
import { OUTSIDE } from './selectors.js'
import { testFieldAt, type SuggestedValues, type TestField } from './testFields.js'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The keys and values at the cursor of a test file; undefined if there are none. */
export function completeTestFile(
  mesh: Mesh | undefined,
  text: string,
  offset: number,
): Completions | undefined {
  const document = readLoosely(text, offset)
  const { cursor } = document
  const field = cursor && testFieldAt(cursor.path)
  if (!field) return undefined
  const written = document.keys(...cursor.path)
  const isItem = typeof cursor.path.at(-1) === 'number'
  // In a list of mappings, a new item has its dash first.
  const dash =
    field.holds === 'list' && !isItem && cursor.path.length > 0 && !cursor.inFlow ? '- ' : ''
  const keys = cursor.on === 'value' ? [] : Object.entries(field.properties ?? {})
  const values = cursor.on === 'key' ? [] : suggestionsFor(mesh, field)
  const items = [
    ...keys
      .filter(([name]) => !written.includes(name))
      .map(([name, { holds, description }]) =>
        fieldItem({ name, holds, documentation: description }, cursor, dash),
      ),
    ...values.map((value) => valueItem(value, cursor, '')),
  ]
  return items.length === 0 ? undefined : { span: cursor.span, items }
}

function suggestionsFor(mesh: Mesh | undefined, field: TestField): readonly Suggestion[] {
  if (field.values)
    return Object.entries(field.values).map(([value, documentation]) => ({
      value,
      kind: 'enum',
      documentation,
    }))
  return mesh && field.suggests ? SUGGESTIONS[field.suggests](mesh) : []
}

const SUGGESTIONS: Readonly<Record<SuggestedValues, (mesh: Mesh) => readonly Suggestion[]>> = {
  clients: clientSuggestions,
  selectedClients: (mesh) => [...clientSuggestions(mesh), ...namespaceSuggestions(mesh)],
  targets: (mesh) => targetSuggestions(mesh, false),
  selectedTargets: (mesh) => [...targetSuggestions(mesh, true), ...namespaceSuggestions(mesh)],
  policies: (mesh) =>
    mesh.all('AuthorizationPolicy').map((policy) => ({
      value: qualifiedName(policy),
      kind: 'reference',
      detail: policy.action,
    })),
  methods: (mesh) =>
    distinct([...mesh.get(requestChoices, '').methods, ...METHODS]).map(plainValue),
  paths: (mesh) => mesh.get(requestChoices, '').paths.map(plainValue),
  hosts: (mesh) => mesh.get(requestChoices, '').hosts.map(plainValue),
}

function clientSuggestions(mesh: Mesh): Suggestion[] {
  return [
    ...mesh.get(sourceChoices, '').map(({ namespace, serviceAccount, runs }): Suggestion => ({
      value: `${namespace}/${serviceAccount}`,
      kind: 'reference',
      detail: runs[0] ?? 'ServiceAccount',
    })),
    { value: OUTSIDE, kind: 'enum', detail: 'a client without an identity' },
  ]
}

function namespaceSuggestions(mesh: Mesh): Suggestion[] {
  const names = mesh.get(sourceChoices, '').map(({ namespace }) => namespace)
  return distinct([...names, ...mesh.all('Namespace').map(({ name }) => name)]).map((name) => ({
    value: `namespace:${name}`,
    kind: 'reference',
    detail: 'Namespace',
  }))
}

function targetSuggestions(mesh: Mesh, withoutPort: boolean): Suggestion[] {
  return mesh.get(destinationChoices, '').flatMap(({ kind, name, ports }) => [
    ...(withoutPort && ports.length > 0
      ? [{ value: `${kind} ${name}`, kind: 'reference', detail: 'every port' } as const]
      : []),
    ...ports.map(({ port, name: label }): Suggestion => ({
      value: `${kind} ${name}:${port}`,
      kind: 'reference',
      detail: label ?? '',
    })),
  ])
}

function plainValue(value: string): Suggestion {
  return { value, kind: 'value' }
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}
