import { expect, it } from 'vitest'
import { proseOfCode, proseOfMarkdown, refusedIn } from './prose.mjs'

const words = (text) => refusedIn(text).map(({ words: found }) => found)

it('the prose check finds words of the list in upper and lower case', () => {
  expect(
    words('Somebody outside the mesh calls pods, and Whatever they send is admitted.'),
  ).toEqual(['Somebody', 'Whatever', 'admitted'])
})

it('the prose check ignores names of rules', () => {
  expect(words('waypoint-identity-admits-all and negation-admits-plaintext')).toEqual([])
})

it('the prose check ignores code in Markdown and keeps the lines', () => {
  const text = 'One `nobody`.\n```yaml\nnobody: 1\n```\nnobody\n'
  expect(words(proseOfMarkdown(text))).toEqual(['nobody'])
  expect(proseOfMarkdown(text).split('\n')).toHaveLength(text.split('\n').length)
})

it('the prose check reads comments and texts in code, but not names', () => {
  const text =
    "// A comment about nobody.\nconst nobody = 'nobody'\nconst text = `a text with ${nobody} that somebody reads`\n"
  expect(words(proseOfCode(text, 'a.ts'))).toEqual(['nobody', 'somebody'])
})
