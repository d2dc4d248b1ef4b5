import { sampled } from '@istio-ambient-policy/shared/testing'
import { expect, it } from 'vitest'
import { createCliFolder } from './cli/testing/cliFolder.js'
import {
  compareAnswers,
  compareCheck,
  compareDescriptions,
} from './testing/field/compareCommands.js'
import { compareEditor } from './testing/field/compareEditor.js'
import { argumentsFor, fieldCases } from './testing/field/fieldCase.js'

it.each(sampled(fieldCases(), 6).map((field) => [field.name, field] as const))(
  '%s is described as Istio enforces it, on the command line and in the editor',
  async (_, field) => {
    const cli = createCliFolder(field.files)
    const paths = argumentsFor(field)
    const { found, wrong } = await compareCheck(cli, field.expected, paths)
    wrong.push(
      ...(await compareAnswers(cli, field.expected, paths)),
      ...(await compareDescriptions(cli, field.expected, paths)),
    )
    cli.remove()
    wrong.push(...(await compareEditor(field, found)))
    expect(wrong, field.expected.note).toEqual([])
  },
)

it('the files that a case names are in it', () => {
  const unknown = fieldCases().flatMap(({ name, files, expected: { must = [], mustNot = [] } }) =>
    [
      ...must.flatMap(({ file }) => file?.split('|') ?? []),
      ...mustNot.flatMap((spec) => spec.split('@')[1] ?? []),
    ]
      .filter((file) => !Object.hasOwn(files, file))
      .map((file) => `${name}: ${file}`),
  )
  expect(unknown).toEqual([])
})
