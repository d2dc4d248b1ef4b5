import { addToGroup } from '../../text/collections.js'
import type { ResolvedDelivery } from '../delivery.js'
import type { KustomizationPath } from './applyKustomizations.js'

/** How a tool applies a folder. */
export interface DeliveredFolder {
  /** What the tool changes; empty for nothing. */
  readonly path: KustomizationPath
  readonly kustomizes: boolean
  /** Whether the tool also changes objects in ways that are not applied here. */
  readonly changes: boolean
}

/** Ways to apply one folder that are read. */
const MAX_WAYS = 200

/** The folders that Flux and Argo CD apply, each with the ways in which it is applied. */
export class DeliveredFolders {
  readonly #byFolder = new Map<string, DeliveredFolder[]>()

  constructor(deliveries: readonly ResolvedDelivery[]) {
    const known = new Set<string>()
    const paths = new Map<string, KustomizationPath>()
    for (const delivery of deliveries) {
      const { folder, kustomizes, changes } = delivery
      const key = keyOf(delivery)
      const path = paths.get(key) ?? pathOf(delivery, key)
      paths.set(key, path)
      const id = JSON.stringify([folder, key, changes])
      if (!known.has(id) && this.at(folder).length < MAX_WAYS)
        addToGroup(this.#byFolder, folder, { path, kustomizes, changes })
      known.add(id)
    }
  }

  get isEmpty(): boolean {
    return this.#byFolder.size === 0
  }

  at(folder: string): readonly DeliveredFolder[] {
    return this.#byFolder.get(folder) ?? []
  }
}

function keyOf({ namespace, overrides, namePrefix, nameSuffix }: ResolvedDelivery): string {
  return namespace === undefined && namePrefix === '' && nameSuffix === ''
    ? ''
    : JSON.stringify(['delivery', namespace ?? '', overrides, namePrefix, nameSuffix])
}

function pathOf(
  { namespace, overrides, namePrefix, nameSuffix }: ResolvedDelivery,
  key: string,
): KustomizationPath {
  if (key === '') return []
  const transform = {
    key,
    namespace: overrides ? namespace : undefined,
    namePrefix,
    nameSuffix,
    labels: [],
    annotations: [],
    ...(overrides || namespace === undefined ? {} : { missingNamespace: namespace }),
  }
  return [{ transform, patches: [] }]
}
