import { expect, it } from 'vitest'
import { analyse, replaceIn } from '../testing/index.js'

const POD = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: n\n`

it('all documents of a chart template are read again after its first action is added or removed', () => {
  const file = 'chart/templates/a.yaml'
  const literal = `${POD('a')}---\n${POD('b')}`
  const analysis = analyse({ 'chart/Chart.yaml': 'apiVersion: v2\nname: c\n', [file]: literal })
  const names = (text: string): string[] => {
    analysis.update([{ file, text, open: true }])
    return (analysis.files.get(file)?.documents ?? []).flatMap(({ facts }) =>
      facts.resources.map(({ name }) => name),
    )
  }
  expect(names(literal)).toEqual(['a', 'b'])
  expect(names(replaceIn(literal, ['name: b', 'name: "{{ .x }}"']))).toEqual([])
  expect(names(literal)).toEqual(['a', 'b'])
})
