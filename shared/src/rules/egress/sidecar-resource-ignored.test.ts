import { expect, it } from 'vitest'
import { analyse, findingsOf } from '../../testing/index.js'
import { sidecarResourceIgnoredPage } from './sidecar-resource-ignored.page.js'
import { sidecarResourceIgnored } from './sidecar-resource-ignored.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === sidecarResourceIgnored.name)
    .map(({ message }) => message)

it('sidecar-resource-ignored reports the bad example of its page', () => {
  expect(found(sidecarResourceIgnoredPage.bad)).toEqual([
    'This Sidecar resource has no effect: ambient mode does not read it.',
  ])
})

it('sidecar-resource-ignored reports nothing for the good example of its page', () => {
  expect(found(sidecarResourceIgnoredPage.good)).toEqual([])
})
