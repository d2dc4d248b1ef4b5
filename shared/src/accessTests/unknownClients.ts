import { sourceChoices } from '../access/choices.js'
import type { Mesh } from '../mesh/mesh.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { AccessTest, ClientSelector } from './testFile.js'

/** A sentence for each client of a test that the files do not have: its name may be misspelt. */
export function unknownClients(mesh: Mesh, test: AccessTest): string[] {
  const sources = mesh.get(sourceChoices, '')
  const accounts = new Set(sources.map(formatServiceAccount))
  const namespaces = new Set([
    ...sources.map(({ namespace }) => namespace),
    ...mesh.all('Namespace').map(({ name }) => name),
  ])
  const unknown = clientsOf(test).flatMap((client) => {
    if (client === 'outside') return []
    if ('namespace' in client)
      return namespaces.has(client.namespace) ? [] : [`namespace ${client.namespace}`]
    const name = formatServiceAccount(client.account)
    return accounts.has(name) ? [] : [`service account ${name}`]
  })
  return [...new Set(unknown)].map((what) => `The ${what} is not in these files.`)
}

function clientsOf(test: AccessTest): readonly ClientSelector[] {
  if (test.kind === 'rule') return [...test.selection.from, ...test.selection.notFrom]
  return test.requests.flatMap(({ from: { namespace, serviceAccount, trustDomain } }) =>
    namespace === undefined || serviceAccount === undefined || trustDomain !== undefined
      ? []
      : [{ account: { namespace, serviceAccount } }],
  )
}
