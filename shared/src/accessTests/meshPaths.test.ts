import { expect, it } from 'vitest'
import { meshPathsOf } from './meshPaths.js'
import { readTestFile } from './readTestFile.js'

const FILES: Readonly<Record<string, string>> = {
  '/r/tests/base.access-test.yaml': 'mesh: [../deploy, ../crds.yaml]',
  '/r/tests/uses.access-test.yaml': 'mesh: base.access-test.yaml',
  '/r/tests/a.access-test.yaml': 'mesh: b.access-test.yaml',
  '/r/tests/b.access-test.yaml': 'mesh: [../deploy, a.access-test.yaml]',
  '/r/tests/self.access-test.yaml': 'mesh: ./self.access-test.yaml',
  '/r/tests/gone.access-test.yaml': 'mesh: other.access-test.yaml',
  '/r/tests/missing.access-test.yaml': 'mesh: [../deploy, ../gone]',
  '/r/tests/plain.access-test.yaml': 'cases: []',
  '/r/tests/absolute.access-test.yaml': 'mesh: /srv/mesh',
}

function meshOf(name: string): unknown {
  const file = `/r/tests/${name}.access-test.yaml`
  const { paths, problems } = meshPathsOf(file, readTestFile(FILES[file] ?? '').testFile, {
    text: (other) => FILES[other],
    whyNot: (path) => (path.includes('gone') ? 'does not exist' : undefined),
  })
  return problems.length > 0
    ? problems.map(({ message, range }) => `${range.start.character} ${message}`)
    : paths
}

it.each([
  ['base', ['/r/deploy', '/r/crds.yaml']],
  ['uses', ['/r/deploy', '/r/crds.yaml']],
  ['plain', ['/r/tests']],
  ['absolute', ['/srv/mesh']],
  ['a', ['6 The mesh is cyclic: a.access-test.yaml → b.access-test.yaml → a.access-test.yaml.']],
  ['self', ['6 The mesh is cyclic: self.access-test.yaml → self.access-test.yaml.']],
  ['missing', ['18 The path /r/gone of the mesh does not exist.']],
  ['gone', ['6 The test file "other.access-test.yaml" cannot be read.']],
])('the mesh of %s', (name, expected) => {
  expect(meshOf(name)).toEqual(expected)
})
