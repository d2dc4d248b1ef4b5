import { describe, expect, it } from 'vitest'
import { readVectors } from '../../testing/fixtureFiles.js'
import { analyse } from '../../testing/index.js'
import { sampled } from '../../testing/runs.js'
import { compareDump, type DumpDifference } from './compareDump.js'
import { readDump } from './readDump.js'

interface Item {
  [field: string]: unknown
  namespace: string
  name: string
}

interface MeshVector {
  readonly name: string
  readonly files: Record<string, string>
  readonly expect: {
    readonly policies?: Item[]
    readonly workloads?: Item[]
    readonly services?: Item[]
  }
}

const VECTORS = ['mesh-worlds', 'mesh-worlds-1.31', 'egress'].flatMap((file) =>
  readVectors<MeshVector>(file),
)

function meshOf({ files }: MeshVector) {
  return analyse(files, { world: 'closed' }).mesh
}

function differences(mesh: ReturnType<typeof meshOf>, dump: unknown): readonly DumpDifference[] {
  const { config, problem } = readDump(dump)
  if (!config) throw new Error(problem)
  return compareDump(mesh, config).differences
}

function inWords({ part, namespace, name, kind, change }: DumpDifference): string {
  const field = change
    ? ` ${change.field}: ${JSON.stringify(change.predicted)} → ${JSON.stringify(change.actual)}`
    : ''
  return `${part} ${namespace}/${name} ${kind}${field}`
}

/** Sidecar workloads are not in the recorded dumps. */
const withoutMissingWorkloads = (found: readonly DumpDifference[]): readonly DumpDifference[] =>
  found.filter(({ part, kind }) => part !== 'workloads' || kind !== 'only in files')

describe('the recorded dumps of the control plane', () => {
  it('a dump of the same files has no difference, whole and in its parts', () => {
    const found = VECTORS.flatMap((vector) => {
      const mesh = meshOf(vector)
      const { policies, workloads, services } = vector.expect
      return [{ policies, workloads, services }, policies, workloads, services]
        .filter((dump) => dump !== undefined)
        .flatMap((dump) => withoutMissingWorkloads(differences(mesh, dump)))
        .map((each) => `${vector.name} ${inWords(each)}`)
    })
    expect(found).toEqual([])
    expect(VECTORS.length).toBeGreaterThan(200)
  })

  it('each change of one field is the only difference, and is named', () => {
    let changes = 0
    for (const vector of VECTORS.filter((_, index) => index % 10 === 0)) {
      const mesh = meshOf(vector)
      for (const [part, items] of Object.entries<Item[]>(vector.expect)) {
        if (part === 'status') continue
        for (const [index, item] of items.entries()) {
          for (const field of Object.keys(item)) {
            if (field === 'name' || field === 'namespace' || field === 'hostname') continue
            const changed = items.map((each, at) =>
              at === index ? { ...each, [field]: otherValue(each[field]) } : each,
            )
            const found = withoutMissingWorkloads(differences(mesh, { [part]: changed }))
            changes++
            expect(found.length, `${vector.name} ${part} ${item.name} ${field}`).toBeGreaterThan(0)
            for (const { change, name, kind } of found) {
              expect([name, kind]).toEqual([item['hostname'] ?? item.name, 'changed'])
              expect(change?.field.split(/[.[]/)[0]).toBe(field)
            }
          }
        }
      }
    }
    expect(changes).toBeGreaterThan(300)
  })

  it('an object that is on one side only is named', () => {
    const several = VECTORS.filter(({ expect: { policies } }) => (policies?.length ?? 0) > 1)
    for (const vector of sampled(several, 5)) {
      const mesh = meshOf(vector)
      const [first, ...rest] = vector.expect.policies ?? []
      const named = `policies ${first?.namespace}/${first?.name} only in files`
      expect(differences(mesh, { policies: rest }).map(inWords)).toEqual([named])
      const added = { ...first, name: 'added' }
      expect(differences(mesh, { policies: [added, first, ...rest] }).map(inWords)).toEqual([
        `policies ${first?.namespace}/added only in dump`,
      ])
    }
  })
})

function otherValue(value: unknown): unknown {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return `${value}x`
  if (Array.isArray(value)) return value.length === 0 ? ['shop/added'] : value.slice(1)
  return 'shop/other'
}
