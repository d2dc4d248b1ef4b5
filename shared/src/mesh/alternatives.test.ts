import { expect, it } from 'vitest'
import type { Analysis } from '../analysis/analysis.js'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  findingsOf,
  namespace,
  to,
} from '../testing/index.js'
import { alternativesOf } from './alternatives.js'

const SHOP = documents(
  deployment('shop/api'),
  authorizationPolicy('shop/allow-get', { app: 'api', rules: [to({ methods: ['GET'] })] }),
)
const CHOICES = ['ambient', 'none', 'disabled'].map((mode) =>
  namespace('shop', { labels: { 'istio.io/dataplane-mode': mode } }),
)

/** The number of kept meshes after the findings are read. */
function kept(analysis: Analysis): number {
  findingsOf(analysis)
  return alternativesOf(analysis.mesh).kept
}

const withChoices = (count: number): Analysis =>
  analyse({
    'shop.yaml': SHOP,
    ...Object.fromEntries(
      CHOICES.slice(0, count).map((text, index) => [`${String(index)}.yaml`, text]),
    ),
  })

it('the meshes of variants are forgotten when the files define everything in one way', () => {
  const analysis = withChoices(2)
  expect(kept(analysis)).toBeGreaterThan(1)
  analysis.update([{ file: '1.yaml', text: undefined }])
  expect(kept(analysis)).toBe(0)
})

it('with fewer variants than before, only the meshes that they need are kept', () => {
  const analysis = withChoices(3)
  const before = kept(analysis)
  analysis.update([{ file: '2.yaml', text: undefined }])
  expect(kept(analysis)).toBe(kept(withChoices(2)))
  expect(kept(analysis)).toBeLessThan(before)
})

it('an edit of a variant keeps the meshes', () => {
  const analysis = withChoices(2)
  const before = kept(analysis)
  const edited = namespace('shop', { labels: { 'istio.io/dataplane-mode': 'other' } })
  analysis.update([{ file: '1.yaml', text: edited }])
  expect(alternativesOf(analysis.mesh).kept).toBe(before)
})
