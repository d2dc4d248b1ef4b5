import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../rules/finding.js'
import { predictedStatus } from '../status/predictStatus.js'
import {
  manifests,
  questions,
  shuffled,
  toFiles,
  variedQuestions,
  type Manifest,
} from '../testing/generatedMesh.js'
import { analyse, findingsOf, type Files } from '../testing/index.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { AccessRequest, Hop } from './request.js'
import { runs } from '../testing/runs.js'

const seed = fc.nat()

const hopOf = ({ point, name, identity, port, verdict }: Hop): string =>
  `${point} ${name} ${identity ?? '-'} ${port} ${verdict}`

/**
 * What the proxies do with each request, and the predicted conditions of the objects in the namespaces that `about`
 * selects.
 */
function answers(
  files: Files,
  requests: readonly AccessRequest[],
  about: (namespace: string) => boolean = () => true,
): unknown {
  const { mesh } = analyse(files, { world: 'closed' })
  return {
    requests: requests.map((request) => {
      const { verdict, hops, assumptions } = evaluateRequest(mesh, request)
      return {
        request,
        verdict,
        hops: hops.map(hopOf).sort(),
        assumptions: [...assumptions].sort(),
      }
    }),
    conditions: mesh
      .get(predictedStatus, '')
      .filter(({ resource }) => about(resource.namespace))
      .map(
        ({ resource, type, status, reason, message }) =>
          `${resource.type} ${resource.namespace}/${resource.name} ${type} ${status} ${reason} ${message}`,
      )
      .sort(),
  }
}

const objectOf = ({ place }: Finding): { readonly namespace: string; readonly title: string } =>
  place.kind === 'field'
    ? {
        namespace: place.resource.namespace,
        title: `${place.resource.type} ${place.resource.namespace}/${place.resource.name}`,
      }
    : { namespace: '', title: place.file }

function findings(files: Files, about: (finding: Finding) => boolean = () => true): string[] {
  return findingsOf(analyse(files))
    .filter(about)
    .map((finding) => `${finding.level} ${finding.rule} ${objectOf(finding).title}`)
    .sort()
}

it.each([
  { name: 'a mesh', asked: questions },
  { name: 'a mesh of many kinds', asked: variedQuestions },
])(
  '$name: the order of files, documents, rules and values changes no answer, status condition or finding',
  ({ asked }) => {
    fc.assert(
      fc.property(
        asked,
        seed,
        fc.integer({ min: 1, max: 5 }),
        ({ objects, requests }, order, perFile) => {
          const inOrder = toFiles(objects)
          const inOtherOrder = toFiles(shuffled(objects, order), perFile)
          expect(answers(inOtherOrder, requests)).toEqual(answers(inOrder, requests))
          expect(findings(inOtherOrder)).toEqual(findings(inOrder))
        },
      ),
      { numRuns: runs(25) },
    )
  },
)

/** A label without a namespace may mean a waypoint that another namespace shares. */
function isSharedGateway(object: Manifest): boolean {
  return object.kind === 'Gateway' && /"from":"(All|Selector)"/.test(JSON.stringify(object))
}

/** A namespace that no object refers to, with the same content as another namespace. */
function elsewhere(objects: readonly Manifest[]): Manifest[] {
  const moved = objects.filter(
    (object) =>
      object.metadata.namespace === 'alpha' &&
      !JSON.stringify(object.metadata.labels ?? {}).includes('use-waypoint-namespace') &&
      !isSharedGateway(object),
  )
  const namespace: Manifest = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'elsewhere',
      labels: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'waypoint' },
    },
  }
  return [
    namespace,
    ...moved.map((object) => ({
      ...object,
      metadata: { ...object.metadata, namespace: 'elsewhere' },
    })),
  ]
}

describe('an unrelated namespace', () => {
  const known = (namespace: string): boolean => namespace !== 'elsewhere'
  // Objects in the root namespace apply to every namespace.
  const untouched = (finding: Finding): boolean =>
    !/ (istio-system|elsewhere)?\/|\/elsewhere$/.test(objectOf(finding).title)
  // The hosts of a ServiceEntry apply to the whole mesh.
  const withoutEntries = questions.map(({ objects, requests }) => ({
    objects: objects.filter(({ kind }) => kind !== 'ServiceEntry'),
    requests,
  }))

  it('an unrelated namespace changes no answer, no status condition and no finding', () => {
    fc.assert(
      fc.property(withoutEntries, ({ objects, requests }) => {
        const few = toFiles(objects)
        const more = toFiles([...objects, ...elsewhere(objects)])
        expect(answers(more, requests, known)).toEqual(answers(few, requests))
        expect(findings(more, untouched)).toEqual(findings(few, untouched))
      }),
      { numRuns: runs(25) },
    )
  })
})

it('the generated requests reach each verdict and each proxy at least ten times', () => {
  const verdicts = new Map<string, number>()
  fc.assert(
    fc.property(questions, ({ objects, requests }) => {
      const { mesh } = analyse(toFiles(objects), { world: 'closed' })
      for (const request of requests) {
        const { verdict, hops } = evaluateRequest(mesh, request)
        for (const outcome of [verdict, ...hops.map(({ point }) => point)])
          verdicts.set(outcome, (verdicts.get(outcome) ?? 0) + 1)
      }
    }),
    { numRuns: runs(60), seed: 1 },
  )
  for (const outcome of ['allow', 'deny', 'undecided', 'waypoint', 'ztunnel', 'sidecar'])
    expect(verdicts.get(outcome), outcome).toBeGreaterThan(10)
})

describe('a part of the files', () => {
  /** Errors in a part of the files that are neither errors nor warnings in the whole. */
  const withdrawn = (whole: readonly Manifest[], part: readonly Manifest[]): string[] => {
    const reported = new Set(
      findingsOf(analyse(toFiles(whole)))
        .filter(({ level }) => level === 'error' || level === 'warning')
        .map((finding) => `${finding.rule} ${objectOf(finding).title}`),
    )
    return findingsOf(analyse(toFiles(part)))
      .filter(({ level }) => level === 'error')
      .map((finding) => `${finding.rule} ${objectOf(finding).title}`)
      .filter((finding) => !reported.has(finding))
  }

  /** Objects that are left out together: those of one kind and namespace, and all policies of a kind. */
  const groupOf = ({ kind, metadata }: Manifest): string =>
    kind.endsWith('Policy') || kind.endsWith('Authentication')
      ? kind
      : `${kind} ${metadata.namespace ?? metadata.name}`

  it('an error in a part of the files is also a finding in the whole', () => {
    fc.assert(
      fc.property(
        manifests,
        fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
        (objects, choices) => {
          const groups = [...new Set(objects.map(groupOf))]
          expect(
            withdrawn(
              objects,
              objects.filter((object) => choices[groups.indexOf(groupOf(object))]),
            ),
          ).toEqual([])
        },
      ),
      { numRuns: runs(25) },
    )
  })
})
