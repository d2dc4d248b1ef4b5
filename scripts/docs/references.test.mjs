import { expect, it } from 'vitest'
import {
  commandNamesOf,
  countWords,
  identifiersOf,
  launchNamesOf,
  pathsOf,
  withoutBlocks,
} from './references.mjs'

it('paths begin with a folder of the repository or end like a file', () => {
  const text =
    '`shared/src/x` `text` `gone.ts` `a/b.md` `cluster.local/ns/a` `rules[].to` `npm test`'
  const isFolder = (name) => ['shared', 'text'].includes(name)
  expect(pathsOf(text, isFolder)).toEqual(['shared/src/x', 'text', 'gone.ts', 'a/b.md'])
})

it('identifiers have capitals', () => {
  const text =
    '`SourceMap` `mesh.perQuery` `Analysis.update()` `query(name, compute)` `reads` `CUSTOM`'
  expect(identifiersOf(text)).toEqual(['SourceMap', 'perQuery'])
})

it('launch names are the italics of paragraphs about launch.json and tasks.json', () => {
  const text = 'In `.vscode/launch.json`:\n*A b*, **c** and *d\ne*.\n\n*Not this one*'
  expect(launchNamesOf(text)).toEqual(['A b', 'd e'])
})

it('command names follow the words "command" and "choose"', () => {
  expect(commandNamesOf('the command *Show\nOutput*, choose *A*, or *B*')).toEqual([
    'Show Output',
    'A',
  ])
})

it('blocks of code and comments have no words', () => {
  const text = 'One two.\n```sh\nthree\n```\n<!-- four -->\n| 5 | [six](seven/eight) |\n'
  expect(withoutBlocks(text)).not.toContain('three')
  expect(countWords(text)).toBe(4)
})
