import { describe, expect, it } from 'vitest'
import { createCliFolder } from '../cli/testing/cliFolder.js'
import { MESH } from '../cli/testing/commandMesh.js'
import { ALLOW_GET } from '../cli/testing/meshFiles.js'
import { createEvaluator, type Request } from './evaluator.js'

const FILES = { 'deploy/mesh.yaml': MESH, 'deploy/policy.yaml': ALLOW_GET }
const REQUEST: Request = {
  from: { namespace: 'shop', serviceAccount: 'web' },
  to: { service: 'shop/api', port: 80 },
  http: { method: 'POST', path: '/' },
}

describe('the evaluator answers as the command line', () => {
  it('evaluate and nearestMiss give the answer of evaluate --requests', async () => {
    const files = { 'mesh.yaml': MESH }
    const { run, remove } = createCliFolder(files)
    const { out } = await run(['evaluate', '--requests', '-', '--nearest-miss', '.'], {
      stdin: JSON.stringify(REQUEST),
    })
    remove()
    const evaluator = createEvaluator(files)
    const answer = {
      ...evaluator.evaluate(REQUEST),
      nearestMiss: evaluator.nearestMiss(REQUEST),
    }
    expect(JSON.parse(JSON.stringify(answer))).toEqual(JSON.parse(out))
    expect(answer).toMatchObject({ verdict: 'deny', nearestMiss: { verdict: 'allow' } })
  })

  it('check gives the findings of check', async () => {
    const { run, remove } = createCliFolder(FILES)
    const { out } = await run(['check', '--format', 'json', '.'])
    remove()
    const findings = createEvaluator(FILES).check()
    expect(JSON.parse(JSON.stringify({ findings }))).toMatchObject({
      findings: (JSON.parse(out) as { findings: unknown }).findings,
    })
  })

  it('settings come from the options, else from the settings file', () => {
    const off = { rules: { 'l7-allow-rule-dropped': 'off' } }
    const names = (evaluator: ReturnType<typeof createEvaluator>) =>
      evaluator.check().map(({ rule }) => rule)
    const withFile = { ...FILES, '.ambient-policy.yaml': JSON.stringify(off) }
    expect(names(createEvaluator(FILES))).toContain('l7-allow-rule-dropped')
    expect(names(createEvaluator(FILES, { settings: off }))).not.toContain('l7-allow-rule-dropped')
    expect(names(createEvaluator(withFile))).not.toContain('l7-allow-rule-dropped')
    expect(names(createEvaluator(withFile, { settings: {} }))).toContain('l7-allow-rule-dropped')
  })
})

describe('bad input of the evaluator', () => {
  it('a request that is not valid is a TypeError that names the field', () => {
    const bad = { ...REQUEST, to: { service: 'api', port: 80 } }
    expect(() => createEvaluator(FILES).evaluate(bad)).toThrow(
      new TypeError('to.service must be namespace/name, not "api"'),
    )
  })

  it('a setting that is not valid is a TypeError', () => {
    expect(() =>
      createEvaluator(FILES, { settings: { rules: { 'no-such-rule': 'off' } } }),
    ).toThrow(TypeError)
    expect(() => createEvaluator({ '.ambient-policy.yaml': 'rules: 5' })).toThrow(TypeError)
  })

  it.each([
    [undefined, 'files must be an object with the text of each file by its path'],
    ['kind: Service', 'files must be an object with the text of each file by its path'],
    [[MESH], 'files must be an object with the text of each file by its path'],
    [new Map([['a.yaml', MESH]]), 'files must be an object with the text of each file by its path'],
    [{ 'a.yaml': Buffer.from(MESH) }, 'the text of "a.yaml" must be a string'],
    [{ 'a.yaml': MESH, './a.yaml': MESH }, '"a.yaml" and "./a.yaml" are the same file'],
    [{ '.ambient-policy.yaml': 'a: [' }, '.ambient-policy.yaml: Flow sequence'],
  ])('the files %s are a TypeError', (files, message) => {
    const create = () => createEvaluator(files as never)
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })

  it.each(['./', '/abs/', 'deploy\\', '../'])('paths can start with %s', (start) => {
    const files = { [`${start}mesh.yaml`]: MESH, [`${start}policy.yaml`]: ALLOW_GET }
    const [finding] = createEvaluator({
      ...files,
      [`${start}kustomization.yaml`]: 'resources: [./mesh.yaml, policy.yaml]\n',
    }).check()
    expect(finding?.file).toBe(`${start}policy.yaml`)
    expect(createEvaluator(files).evaluate(REQUEST).verdict).toBe('deny')
  })

  it('the settings file can have the path ./.ambient-policy.yaml', () => {
    expect(() => createEvaluator({ './.ambient-policy.yaml': 'rules: 5' })).toThrow(TypeError)
  })

  it('files without objects have no destination, and broken files are findings', () => {
    expect(createEvaluator({}).evaluate(REQUEST).verdict).toBe('undecided')
    const broken = 'apiVersion: v1\nkind: Service\nmetadata: {name: broken\n'
    const findings = createEvaluator({ ...FILES, 'a.yaml': broken }).check()
    expect(findings.filter(({ file }) => file === 'a.yaml')).toHaveLength(1)
  })
})
