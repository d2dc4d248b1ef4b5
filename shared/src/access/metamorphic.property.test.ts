import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { questions, type Manifest } from '../testing/generatedMesh.js'
import { analyse, findingsOf, type Files } from '../testing/index.js'
import { runs } from '../testing/runs.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { AccessRequest } from './request.js'

// Meshes that mean the same get the same answers.

const answers = (files: Files, requests: readonly AccessRequest[]): unknown => {
  const { mesh } = analyse(files, { world: 'closed' })
  return requests.map((request) => {
    const { verdict, hops, assumptions } = evaluateRequest(mesh, request)
    return {
      request,
      verdict,
      hops: hops.map(({ point, name, identity, port, policy, rule }) =>
        [point, name, identity, port, policy, rule].join(' '),
      ),
      assumptions,
    }
  })
}
const verdicts = (files: Files, requests: readonly AccessRequest[]): unknown => {
  const { mesh } = analyse(files, { world: 'closed' })
  return requests.map((request) => evaluateRequest(mesh, request).verdict)
}
const findings = (files: Files): string[] =>
  findingsOf(analyse(files))
    .map(({ level, rule, message }) => `${level} ${rule} ${message}`)
    .sort()

const inBlocks = (objects: readonly Manifest[]): Files => ({
  'all.yaml': objects.map((object) => stringify(object)).join('---\n'),
})

/** An object whose labels are an anchor, and which merges its metadata from one. */
function withAnchors({ metadata, ...object }: Manifest): string {
  const { labels, ...rest } = metadata
  return [
    '---',
    stringify(object).trimEnd(),
    'metadata:',
    ...(labels ? [`  labels: &labels ${JSON.stringify(labels)}`] : []),
    `  <<: ${JSON.stringify(rest)}`,
    '',
  ].join('\n')
}

const STYLES: Readonly<Record<string, (objects: readonly Manifest[]) => Files>> = {
  JSON: (objects) =>
    Object.fromEntries(objects.map((object, index) => [`${index}.json`, JSON.stringify(object)])),
  'flow style': (objects) => ({
    'all.yaml': objects
      .map((object) => stringify(object, { collectionStyle: 'flow' }))
      .join('---\n'),
  }),
  'single quotes': (objects) => ({
    'all.yaml': objects
      .map((object) =>
        stringify(object, { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'QUOTE_DOUBLE' }),
      )
      .join('---\n'),
  }),
  'a List': (objects) => ({
    'all.yaml': stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  }),
  CRLF: (objects) => ({
    'all.yaml': objects
      .map((object) => stringify(object))
      .join('---\n')
      .replaceAll('\n', '\r\n'),
  }),
  comments: (objects) => ({
    'all.yaml': objects
      .map((object) => stringify(object).replaceAll('\n', ' # note\n'))
      .join('--- # next\n# about it\n'),
  }),
  'anchors and merge keys': (objects) => ({ 'all.yaml': objects.map(withAnchors).join('') }),
  'a wide indentation': (objects) => ({
    'all.yaml': objects
      .map((object) => stringify(object, { indent: 6, indentSeq: false }))
      .join('...\n---\n'),
  }),
  'kustomize overlay': (objects) => ({
    ...Object.fromEntries(
      objects.map((object, index) => [`base/${index}.yaml`, stringify(object)]),
    ),
    'base/kustomization.yaml': stringify({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: objects.map((_, index) => `${index}.yaml`),
    }),
    'prod/kustomization.yaml': stringify({ resources: ['../base'] }),
  }),
}

describe.each(Object.entries(STYLES))('%s', (_, write) => {
  it('changes no answer and no finding', () => {
    fc.assert(
      fc.property(questions, ({ objects, requests }) => {
        const [plain, styled] = [inBlocks(objects), write(objects)]
        expect(answers(styled, requests)).toEqual(answers(plain, requests))
        expect(findings(styled)).toEqual(findings(plain))
      }),
      { numRuns: runs(4) },
    )
  })
})

const NAMES: readonly (readonly [string, string])[] = [
  ['alpha', 'shop-a'],
  ['beta', 'bakery'],
  ['waypoint', 'gate'],
]

it('other names of namespaces and waypoints change no verdict and no finding', () => {
  fc.assert(
    fc.property(questions, ({ objects, requests }) => {
      const renamed = <T>(value: T): T =>
        JSON.parse(
          NAMES.reduce(
            (text, [from, to]) =>
              text.replaceAll(new RegExp(`(?<![-\\w]|/ns/\\*)${from}(?![-\\w])`, 'g'), to),
            JSON.stringify(value),
          ),
        ) as T
      expect(verdicts(inBlocks(renamed(objects)), renamed(requests))).toEqual(
        verdicts(inBlocks(objects), requests),
      )
      const rules = (files: Files): string[] =>
        findings(files)
          .map((each) => each.split(' ', 2).join(' '))
          .sort()
      expect(rules(inBlocks(renamed(objects)))).toEqual(rules(inBlocks(objects)))
    }),
    { numRuns: runs(10) },
  )
})

interface Rule {
  readonly from?: readonly { readonly source: Readonly<Record<string, readonly string[]>> }[]
  readonly to?: readonly unknown[]
  readonly when?: readonly unknown[]
}

const changedRules = (objects: readonly Manifest[], change: (rule: Rule) => readonly Rule[]) =>
  objects.map((object) => {
    const spec = object.spec as { readonly rules?: readonly Rule[] } | undefined
    return object.kind === 'AuthorizationPolicy' && spec?.rules
      ? { ...object, spec: { ...spec, rules: spec.rules.flatMap(change) } }
      : object
  })

it('service accounts in place of principals change no verdict', () => {
  const exchanged = (rule: Rule): Rule => ({
    ...rule,
    ...(rule.from
      ? {
          from: rule.from.map(({ source }) => {
            const { principals = [], ...rest } = source
            const found = principals.map((each) =>
              /^cluster\.local\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(each),
            )
            const canChange =
              principals.length > 0 &&
              found.every(Boolean) &&
              !Object.keys(rest).some(
                (key) =>
                  /rincipals|amespaces|erviceAccounts/.test(key) &&
                  !key.startsWith('request') &&
                  !key.startsWith('notRequest'),
              )
            return canChange
              ? {
                  source: {
                    ...rest,
                    serviceAccounts: found.map((each) => `${each![1]}/${each![2]}`),
                  },
                }
              : { source }
          }),
        }
      : {}),
  })
  fc.assert(
    fc.property(questions, ({ objects, requests }) => {
      expect(
        verdicts(inBlocks(changedRules(objects, (rule) => [exchanged(rule)])), requests),
      ).toEqual(verdicts(inBlocks(objects), requests))
    }),
    { numRuns: runs(10) },
  )
})

it('one rule for each source changes no verdict', () => {
  const L7 = /remoteIp|equestPrincipals/
  const split = (rule: Rule): readonly Rule[] =>
    rule.from && !rule.from.some(({ source }) => L7.test(JSON.stringify(source)))
      ? rule.from.map((each) => ({ ...rule, from: [each] }))
      : [rule]
  fc.assert(
    fc.property(questions, ({ objects, requests }) => {
      expect(verdicts(inBlocks(changedRules(objects, split)), requests)).toEqual(
        verdicts(inBlocks(objects), requests),
      )
    }),
    { numRuns: runs(10) },
  )
})
