import { expect, it } from 'vitest'
import { readVectors } from '../testing/fixtureFiles.js'
import { analyse } from '../testing/index.js'
import { predictedStatus } from './predictStatus.js'

interface StatusVector {
  name: string
  files: Record<string, string>
  expect: {
    status: {
      kind: string
      namespace: string
      name: string
      type: string
      status: string
      reason: string
      message?: string
    }[]
  }
}

for (const file of ['mesh-worlds', 'mesh-worlds-1.31', 'egress']) {
  it(`predicts every status condition of ${file}`, () => {
    const vectors = readVectors<StatusVector>(file)
    expect(vectors.length).toBeGreaterThan(0)
    for (const vector of vectors) {
      const settings = file.endsWith('1.31') ? { istioVersion: '1.31' } : {}
      const { mesh } = analyse(vector.files, { world: 'closed', settings })
      const found = mesh
        .get(predictedStatus, '')
        .map(
          ({ resource, type, status, reason, message }) =>
            `${resource.type}/${resource.namespace}/${resource.name} ${type} ${status} ${reason} ${message}`,
        )
      const wanted = vector.expect.status.map(
        (item) =>
          `${item.kind}/${item.namespace}/${item.name} ${item.type} ${item.status} ${item.reason} ${item.message ?? ''}`,
      )
      expect(found.sort(), vector.name).toEqual(wanted.sort())
    }
  })
}
