import { describe, expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  namespace,
  replaceIn,
  to,
} from '../testing/index.js'
import type { Analysis } from './analysis.js'

/** Enough for the objects of a small namespace, too little for a policy of 100 workloads. */
const workLimit = 300
const rules = [to({ methods: ['GET'] })]

function apps(count: number): string {
  return documents(
    namespace('crowd'),
    ...Array.from({ length: count }, (_, index) => deployment(`crowd/app-${String(index)}`)),
  )
}

const POLICIES = {
  'crowd.yaml': authorizationPolicy('crowd/readers', { rules }),
  'shop.yaml': documents(
    namespace('shop'),
    deployment('shop/api'),
    authorizationPolicy('shop/readers', { app: 'api', rules }),
  ),
}

const messagesIn = (analysis: Analysis, file: string): string[] =>
  analysis
    .locatedFindingsOf(file)
    .map(({ finding: { rule, level, message } }) => `${level} ${rule}: ${message}`)

const dropped = (workloads: string): string =>
  `error l7-allow-rule-dropped: Every connection to ${workloads} is denied: ztunnel drops this ALLOW rule because of the HTTP attribute "methods".`
const STOPPED =
  'warning internal-error: This object is not evaluated: that takes more than 300 steps. Other objects are not affected.'

describe('an object whose evaluation takes too many steps', () => {
  it('has one finding that says so, and all other objects are evaluated', () => {
    const files = { ...POLICIES, 'apps.yaml': apps(100) }
    const analysis = analyse(files, { workLimit })
    expect(messagesIn(analysis, 'crowd.yaml')).toEqual([STOPPED])
    expect(messagesIn(analysis, 'shop.yaml')).toEqual([dropped('workload "api"')])
    expect(messagesIn(analyse(files), 'crowd.yaml')).toEqual([dropped('100 workloads')])
  })

  it('is evaluated again when something changes that it has read', () => {
    const analysis = analyse({ ...POLICIES, 'apps.yaml': apps(100) }, { workLimit })
    expect(messagesIn(analysis, 'crowd.yaml')).toEqual([STOPPED])
    const { files } = analysis.update([{ file: 'apps.yaml', text: apps(5) }])
    expect([...files]).toContain('crowd.yaml')
    expect(messagesIn(analysis, 'crowd.yaml')).toEqual([dropped('5 workloads')])
  })

  it('is stopped where all variants of the mesh together take too many steps', () => {
    const variants = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((stage) => [
        `${stage}.yaml`,
        namespace('crowd', { labels: { stage, 'istio.io/dataplane-mode': 'ambient' } }),
      ]),
    )
    const files = {
      ...POLICIES,
      ...variants,
      'apps.yaml': replaceIn(apps(10), [/^[^]*?---\n/, '']),
    }
    const needed = (limit: number): boolean =>
      messagesIn(analyse(files, { workLimit: limit }), 'crowd.yaml').includes(
        dropped('10 workloads'),
      )
    expect(needed(workLimit)).toBe(false)
    expect(needed(10 * workLimit)).toBe(true)
  })
})
