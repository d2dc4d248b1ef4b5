import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const ASKS_AUTHORIZER = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ask, namespace: shop}
spec:
  targetRefs: [{kind: Service, group: "", name: api}]
  action: CUSTOM
  provider: {name: authorizer}
  rules: [{}]
`
const values = (prefix: string): string[] =>
  Array.from({ length: 50 }, (_, index) => `${prefix}${index}`)
const MANY_VALUES = JSON.stringify({
  methods: values('M'),
  paths: values('/p'),
  hosts: values('h'),
})

const { run, remove } = createCliFolder({
  'before/mesh.yaml': MESH,
  'closed/mesh.yaml': replaceIn(MESH, ['methods: [GET]', 'methods: [POST]']),
  'external/mesh.yaml': MESH + ASKS_AUTHORIZER,
  'many/mesh.yaml': replaceIn(MESH, ['{methods: [GET]}', MANY_VALUES]),
})
afterAll(remove)

it.each([
  ['closed', 'external', 'gained', 1, 'allow requests that were denied before'],
  ['external', 'before', 'gained', 1, 'allow requests that were denied before'],
  ['before', 'external', 'lost', 1, 'deny requests that were allowed before'],
  ['before', 'external', 'gained', 0, undefined],
  ['external', 'before', 'lost', 0, undefined],
])('an undecided change counts where it may be one: %s %s %s', async (...given) => {
  const [before, after, failOn, status, effect] = given
  expect(await run(['diff', before, after, '--fail-on', failOn])).toMatchObject({
    status,
    errors: effect === undefined ? [] : [`--fail-on ${failOn}: 1 undecided change may ${effect}`],
  })
})

it.each([
  ['gained', 1, ['--fail-on gained: 1 destination with too many requests to compare']],
  ['never', 0, []],
])('a destination that is not compared counts: --fail-on %s', async (failOn, status, errors) => {
  expect(await run(['diff', 'before', 'many', '--fail-on', failOn])).toMatchObject({
    status,
    errors,
  })
})
