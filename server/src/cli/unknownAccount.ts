import { accountClients, nearMiss, type Mesh } from '@istio-ambient-policy/shared'

interface Account {
  readonly namespace: string
  readonly serviceAccount: string
}

/** That no pod of the files has an account, if another account is similar. Other accounts may be in the cluster. */
export function unknownAccount(mesh: Mesh, account: Account): string | undefined {
  const accounts = mesh.get(accountClients, '')
  const name = `${account.namespace}/${account.serviceAccount}`
  const similar = accounts.has(name) ? undefined : nearMiss(name, accounts.keys())
  return similar === undefined
    ? undefined
    : `no workload in these files has the service account ${name}; did you mean ${similar}?`
}
