import { expect, it } from 'vitest'
import { parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import { stringMatch } from './convertMatch.js'

it('values are read as istiod reads them', () => {
  expect(['*', '*a', 'a*', 'a', '*a*', 'a*b', '**', ''].map(stringMatch)).toEqual([
    { Presence: [] },
    { Suffix: 'a' },
    { Prefix: 'a' },
    { Exact: 'a' },
    { Suffix: 'a*' },
    { Exact: 'a*b' },
    { Suffix: '*' },
    { Exact: '' },
  ])
  expect(['a', 'n/a', 'n/a/b', '/a'].map((value) => parseServiceAccount(value, 'shop'))).toEqual([
    { namespace: 'shop', serviceAccount: 'a' },
    { namespace: 'n', serviceAccount: 'a' },
    { namespace: 'n', serviceAccount: 'a/b' },
    { namespace: '', serviceAccount: 'a' },
  ])
})
