import { expect, it } from 'vitest'
import { readVectors } from '../testing/fixtureFiles.js'
import { analyse } from '../testing/index.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { AccessRequest } from './request.js'

interface ExpectedHop {
  point: string
  name: string
  identity: string | null
  port: number
  verdict: string
}

interface MeshVector {
  name: string
  trustDomain: string
  files: Record<string, string>
  requests: (AccessRequest & { id: string; verdict: string; hops?: ExpectedHop[] })[]
}

/** Hops up to the first that denies. */
function untilDenied(hops: readonly ExpectedHop[]): ExpectedHop[] {
  const denied = hops.findIndex((hop) => hop.verdict === 'deny')
  return hops
    .slice(0, denied < 0 ? hops.length : denied + 1)
    .map(({ point, name, identity, port, verdict }) => ({ point, name, identity, port, verdict }))
}

/** The differences in the first mesh that has any. */
function differences(vectors: readonly MeshVector[]): string[] {
  for (const vector of vectors) {
    const { mesh } = analyse(vector.files, { world: 'closed' })
    const found = vector.requests.flatMap((request) => {
      const answer = evaluateRequest(mesh, request)
      const wanted = JSON.stringify({
        verdict: request.verdict,
        ...(request.hops ? { hops: untilDenied(request.hops) } : {}),
      })
      const got = JSON.stringify({
        verdict: answer.verdict,
        ...(request.hops ? { hops: untilDenied(answer.hops) } : {}),
      })
      return wanted === got
        ? []
        : [`${vector.name} ${request.id} ${JSON.stringify(request)}\n want ${wanted}\n got  ${got}`]
    })
    if (found.length > 0) return found
  }
  return []
}

for (const [file, meshes] of [
  ['mesh-worlds', 120],
  ['mesh-worlds-1.31', 50],
  ['waypoint-l7', 119],
  ['egress', 80],
] as const) {
  it(`every request of ${file} has the verdict of the control plane, ztunnel and Envoy`, () => {
    const vectors = readVectors<MeshVector>(file)
    expect(vectors.length).toBeGreaterThanOrEqual(meshes)
    expect(differences(vectors).slice(0, 5).join('\n')).toBe('')
  })
}
