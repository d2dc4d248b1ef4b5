// Damaged policy tests: reading them must not throw, each problem must be inside the text, and tests without a problem
// must run.
import { readTestFile, runTests } from '../../shared/src/index.ts'
import { analyse } from '../../shared/src/testing/checkFiles.ts'
import { MESH } from '../../server/src/cli/testing/commandMesh.ts'
import { FOLDER, problemOfOutput, run } from './commandLine.mjs'
import { liesIn, linesOf } from './findings.mjs'
import { MemoryDisk } from './memoryDisk.mjs'
import { mutate } from './mutate.mjs'
import { damage } from './pieces.mjs'

const TEXTS = [
  `mesh: [mesh]
cases:
  - name: web reads
    request:
      from: [shop/web, outside]
      to: service shop/api:80
      http: {method: [GET, POST], path: [/, /a], host: api.shop, headers: {x: [y]}, claims: {a: b}}
    expect: allow
    by: shop/readers
  - name: by address
    request: {from: {ip: 10.0.0.1}, to: workload shop/api:8080}
    expect: deny
rules:
  - name: only web
    never: {from: namespace:dev, notFrom: [shop/web], to: [namespace:shop], http: {method: GET}}
  - name: waypoint
    always: {to: namespace:shop}
    through: waypoint
`,
  `cases:
  - {name: a, request: [{from: shop/web, to: host example.com:443}, {from: outside, to: {service: shop/api, port: 80}}], expect: undecided}
`,
]
const FORMATS = ['text', 'json', 'junit', 'markdown']
const COMMAND_OF = 60

let analysis

export const accessTests = {
  name: 'accessTests',
  count: 10_000,
  draw(random, corpus) {
    const changes = 1 + random.below(5)
    const text = Array.from({ length: changes }).reduce(
      (before) => (random.chance(70) ? mutate(before, random, corpus) : damage(before, random)),
      random.pick(TEXTS),
    )
    return {
      context: { command: random.below(COMMAND_OF) === 0, format: random.pick(FORMATS) },
      parts: text.split(/(?<=\n)/),
      units: 1,
    }
  },
  check({ context, parts }) {
    const text = parts.join('')
    const { testFile, problems } = readTestFile(text)
    const lines = linesOf(text)
    const outside = [...problems, ...testFile.tests].find(({ range }) => !liesIn(range, lines))
    if (outside) return `${outside.message ?? outside.name} is outside the text.`
    analysis ??= analyse({ 'a.yaml': MESH }, { world: 'closed' })
    if (problems.length === 0) runTests(analysis.mesh, testFile.tests)
    return context.command ? test(text, context.format) : undefined
  },
  show: ({ parts }) => parts.join(''),
}

async function test(text, format) {
  const host = new MemoryDisk()
  host.files.set(`${FOLDER}/mesh/a.yaml`, MESH)
  host.files.set(`${FOLDER}/a.access-test.yaml`, text)
  const args = ['test', '--format', format]
  return problemOfOutput(args, await run(host, args))
}
