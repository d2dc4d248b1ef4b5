import { describe, expect, it } from 'vitest'
import { SourceComments } from './sourceComment.js'

const RENDERED = `---
# Source: shop/templates/policy.yaml
kind: AuthorizationPolicy
---
kind: Service
---
# Source: shop/charts/db/templates/db.yaml
kind: Deployment
spec:
  text: |
    # Source: other/templates/x.yaml
`

describe('SourceComments', () => {
  it('a comment counts for its document only', () => {
    const comments = new SourceComments(RENDERED)
    expect(comments.isEmpty).toBe(false)
    expect(comments.at(2)).toEqual({ template: 'shop/templates/policy.yaml', line: 1 })
    expect(comments.at(4)).toBeUndefined()
    expect(comments.at(10)?.template).toBe('shop/charts/db/templates/db.yaml')
  })

  it('the documents of a template end at the next document', () => {
    const comments = new SourceComments(
      `${RENDERED}---\n# Source: shop/templates/policy.yaml\na: 1\n`,
    )
    expect(comments.documentsOf('shop/templates/policy.yaml', 14)).toEqual([
      { start: 2, end: 3 },
      { start: 13, end: 14 },
    ])
    expect(comments.documentsOf('shop/templates/other.yaml', 14)).toEqual([])
  })

  it('the first document needs no separator, and lines may end with CRLF', () => {
    const comments = new SourceComments('# Source: a/templates/b.yaml\r\nkind: Service\r\n')
    expect(comments.at(1)).toEqual({ template: 'a/templates/b.yaml', line: 0 })
  })

  it.each([
    '/etc/templates/passwd',
    '../a/templates/b.yaml',
    'a/templates/../../b.yaml',
    'a/./templates/b.yaml',
    'C:/a/templates/b.yaml',
    'a\\templates\\b.yaml',
    'a/values.yaml',
    'the documentation of the vendor',
  ])('a comment that names no template of a chart is ignored: %s', (path) => {
    const comments = new SourceComments(`# Source: ${path}\nkind: Service\n`)
    expect(comments.isEmpty).toBe(true)
    expect(comments.at(1)).toBeUndefined()
  })

  it('a comment below the first line of its document is no source', () => {
    expect(new SourceComments('kind: Service\n# Source: a/templates/b.yaml\n').isEmpty).toBe(true)
  })
})
