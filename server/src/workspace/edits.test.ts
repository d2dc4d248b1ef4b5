import { expect, it } from 'vitest'
import { manyPolicies, POLICY, workspacesOf } from '../testing/memoryWorkspaces.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

it('an edit reads one document, checks its dependents and publishes their files', async () => {
  const { workspaces, published, open } = workspacesOf(manyPolicies())
  await workspaces.add('/mesh')
  const document = open('/mesh/many/3.yaml')
  await workspaces.idle()
  const mesh = workspaces.analysesOf('/mesh/many/3.yaml')[0]?.mesh
  const before = mesh?.runs ?? 0
  published.length = 0

  document.text = replaceIn(document.text, ['policy-35\n', 'policy-35\n  labels:\n    team: a\n'])
  const result = workspaces.edit('/mesh/many/3.yaml')
  expect(result.parsed).toBe(1)
  expect(published).toEqual(['/mesh/many/3.yaml'])
  await workspaces.idle()
  expect(published).toEqual([
    '/mesh/many/3.yaml',
    ...[...result.files].filter((file) => file !== '/mesh/many/3.yaml'),
  ])
  // 200 policies and a dozen other objects make some thousand facts.
  expect(before).toBeGreaterThan(1000)
  expect((mesh?.runs ?? 0) - before).toBeLessThan(before / 50)
})

it.each([
  ['is edited', 'edit'],
  ['changes on disk', 'disk'],
  ['is closed', 'close'],
] as const)('files that point into a file are published again when the file %s', async (_, how) => {
  const files = { '/mesh/a.yaml': POLICY(1), '/mesh/b.yaml': POLICY(2) }
  const { workspaces, sources, published, open } = workspacesOf(
    files,
    {},
    {
      pointingInto: (file) => (file === '/mesh/a.yaml' ? ['/mesh/b.yaml'] : []),
    },
  )
  await workspaces.add('/mesh')
  const document = how === 'disk' ? undefined : open('/mesh/a.yaml')
  await workspaces.idle()
  published.length = 0
  const moved = `# one line more\n${POLICY(1)}`
  if (document) document.text = moved
  if (how !== 'edit') files['/mesh/a.yaml'] = moved
  if (how === 'edit') workspaces.edit('/mesh/a.yaml')
  else if (how === 'disk') workspaces.diskChanged(['/mesh/a.yaml'])
  else {
    sources.close('/mesh/a.yaml')
    workspaces.close('/mesh/a.yaml')
  }
  await workspaces.idle()
  expect(published.sort()).toEqual(['/mesh/a.yaml', '/mesh/b.yaml'])
})

it('an edit of a comment checks no object', async () => {
  const { workspaces, open } = workspacesOf(manyPolicies())
  await workspaces.add('/mesh')
  const document = open('/mesh/many/3.yaml')
  await workspaces.idle()
  const mesh = workspaces.analysesOf('/mesh/many/3.yaml')[0]?.mesh
  const before = mesh?.runs
  document.text = replaceIn(document.text, ['spec:', 'spec: # a comment'])
  const result = workspaces.edit('/mesh/many/3.yaml')
  await workspaces.idle()
  expect([result.parsed, [...result.files], mesh?.runs]).toEqual([1, ['/mesh/many/3.yaml'], before])
})

it('an open file that becomes too large is not read until it is smaller', async () => {
  const settings = { maxFileSize: 0.001 }
  const { workspaces, open, unread } = workspacesOf({ '/mesh/a.yaml': POLICY(1) }, settings)
  await workspaces.add('/mesh')
  const document = open('/mesh/a.yaml')
  await workspaces.idle()
  expect([workspaces.folders[0]?.files(), unread]).toEqual([['/mesh/a.yaml'], []])
  document.text += `# ${'x'.repeat(1_000)}\n`
  workspaces.edit('/mesh/a.yaml')
  expect([workspaces.folders[0]?.files(), unread]).toEqual([
    [],
    ['/mesh/a.yaml: This file is not read: it is larger than 0.001 MB (setting maxFileSize).'],
  ])
  document.text = POLICY(1)
  workspaces.edit('/mesh/a.yaml')
  await workspaces.idle()
  expect([workspaces.folders[0]?.files(), unread.length]).toEqual([['/mesh/a.yaml'], 1])
})

it('an edit of a namespace publishes its file first and then its policies', async () => {
  const forNamespace = Object.entries(manyPolicies()).map(([file, text]): [string, string] => [
    file,
    text.replace(/ {2}selector:\n {4}matchLabels:\n {6}app: app-\d+\n/g, ''),
  ])
  const { workspaces, published, open } = workspacesOf(Object.fromEntries(forNamespace))
  await workspaces.add('/mesh')
  const document = open('/mesh/namespace.yaml')
  await workspaces.idle()
  published.length = 0
  document.text = replaceIn(document.text, ['ambient', 'none'])
  workspaces.edit('/mesh/namespace.yaml')
  expect(published).toEqual(['/mesh/namespace.yaml'])
  await workspaces.idle()
  expect(published.filter((file) => file.startsWith('/mesh/many/'))).toHaveLength(20)
})
