import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { ROOT, runCommand } from './docs/documents.mjs'
import * as sources from './docs/sources.mjs'

/** The schema of Jenkins, under the MIT licence. */
const SCHEMA = readFileSync(`${ROOT}test-fixtures/junit/junit-10.xsd`, 'utf8')
const MESH = join(ROOT, 'test-fixtures/meshes/shop')
/** A chart with a template, which is not read. */
const CHART = join(ROOT, 'test-fixtures/quiet/helm-chart')

const folder = mkdtempSync(join(tmpdir(), 'junit-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const FILES = {
  passes: `mesh: ${MESH}\ncases:\n  - {name: a, request: {from: a/b, to: "host example.com:443"}, expect: allow}\n`,
  fails: `mesh: ${MESH}\ncases:\n  - {name: '<"&>', request: {from: shop/cart, to: "service shop/catalog:80"}, expect: undecided}\n`,
  invalid: 'cases:\n  - {name: a, expects: allow}\n',
  empty: `mesh: ${MESH}\ncases: []\n`,
  skipped: `mesh: ${CHART}\ncases:\n  - {name: a, request: {from: a/b, to: "service a/c:80"}, expect: deny}\n`,
}
for (const [name, text] of Object.entries(FILES))
  writeFileSync(join(folder, `${name}.access-test.yaml`), text)

async function problemsOf(xml) {
  const { errors } = await validateXML({ xml, schema: SCHEMA })
  return errors.map(({ message }) => message)
}

it.each([
  [
    'test',
    ['test', '--format', 'junit', folder],
    ['<testcase ', '<failure ', '<error ', '<skipped '],
  ],
  [
    'check',
    ['check', '--format', 'junit', MESH, CHART],
    ['<testcase ', '<failure ', '<skipped ', '<system-out>'],
  ],
])('the JUnit report of %s matches the schema of Jenkins', async (_, args, elements) => {
  const xml = await runCommand(sources, args)
  expect(elements.filter((element) => !xml.includes(element))).toEqual([])
  expect(await problemsOf(xml)).toEqual([])
})

it('an attribute that the schema does not have is a problem', async () => {
  const xml = await runCommand(sources, ['test', '--format', 'junit', folder])
  const [problem] = await problemsOf(xml.replace('<testcase ', '<testcase file="a" '))
  expect(problem).toContain("The attribute 'file' is not allowed.")
})
