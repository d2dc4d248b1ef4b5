import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import {
  randomTestFiles,
  SLOW_MODULES,
  SLOW_PATHS,
  slowTestFiles,
  testFiles,
} from './testFiles.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const exists = (path) =>
  ['', '.ts', '.mjs'].some((ending) => existsSync(join(ROOT, `${path}${ending}`)))

it('the modules and paths of slow tests exist', () => {
  expect([...SLOW_MODULES.slice(1), ...SLOW_PATHS].filter((path) => !exists(path))).toEqual([])
})

it('tests with random cases, of commands and of the server are slow, and rule tests are not', () => {
  const slow = slowTestFiles()
  expect(slow).toEqual(expect.arrayContaining(randomTestFiles()))
  expect(slow).toEqual(
    expect.arrayContaining([
      'scripts/testFiles.test.mjs',
      'server/src/cli/commands/check.test.ts',
      'server/src/field.test.ts',
      'server/src/hostile/writing.test.ts',
      'shared/src/space/properties.test.ts',
      'shared/src/ztunnel/conformance.test.ts',
    ]),
  )
  expect(slow).not.toContain('shared/src/rules/routes/waypoint-bypass.test.ts')
  expect(slow.length).toBeLessThan(testFiles().length / 2)
})

// `replace` changes nothing where the text is not found, and then the test of a correct mesh passes for another reason.
it('tests change the texts of constants with replaceIn, which throws where the text is not found', () => {
  const constant = String.raw`\b(?:[A-Z][A-Z_\d]*|bad|good)(?:\([^()]*\))?`
  const silent = new RegExp(String.raw`${constant}\s*\.replace(?:All)?\(`)
  expect('const a = BASE.replace(').toMatch(silent)
  const found = testFiles().filter((file) => silent.test(readFileSync(join(ROOT, file), 'utf8')))
  expect(found.filter((file) => file !== 'scripts/testFiles.test.mjs')).toEqual([])
})
