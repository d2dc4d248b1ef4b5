import type { Settings } from '@istio-ambient-policy/shared'
import { expect, it } from 'vitest'
import { manyPolicies, workspacesOf } from '../testing/memoryWorkspaces.js'

it('while a folder is read, nothing is published and analyses use the files read so far', async () => {
  const { workspaces, published, open } = workspacesOf(manyPolicies())
  const added = workspaces.add('/mesh')
  open('/mesh/namespace.yaml')
  expect(published).toEqual([])
  expect(workspaces.analysesOf('/mesh/namespace.yaml')[0]?.files.size).toBe(1)
  await added
  await workspaces.idle()
  expect(published).toContain('/mesh/namespace.yaml')
  expect(published).toContain('/mesh/many/19.yaml')
})

it('a folder inside another folder has its own mesh', async () => {
  const { workspaces } = workspacesOf(manyPolicies())
  await workspaces.add('/mesh')
  await workspaces.add('/mesh/many')
  await workspaces.idle()
  const [outer, inner] = workspaces.folders
  expect([outer?.files().length, inner?.files().length]).toEqual([6, 20])
  workspaces.remove('/mesh/many')
  await workspaces.idle()
  expect(outer?.files().length).toBe(26)
})

it('the setting meshRoots splits a folder into several meshes', async () => {
  const { workspaces } = workspacesOf(manyPolicies(), { meshRoots: ['many'] })
  await workspaces.add('/mesh')
  expect(
    workspaces.folders[0]
      ?.analyses()
      .map(({ files }) => files.size)
      .sort(),
  ).toEqual([20, 6])
})

it('an open file that the settings exclude leaves its folder, and comes back', async () => {
  const settings: Partial<Settings> = {}
  const { workspaces, open, published } = workspacesOf(manyPolicies(), settings)
  open('/mesh/many/3.yaml')
  await workspaces.add('/mesh')
  await workspaces.idle()
  const folderOf = (): string | undefined => workspaces.folderOf('/mesh/many/3.yaml')?.folder
  expect(folderOf()).toBe('/mesh')
  Object.assign(settings, { exclude: ['many'] })
  published.length = 0
  await workspaces.reloadSettings()
  await workspaces.idle()
  expect([folderOf(), workspaces.folders.length]).toEqual(['/mesh/many/3.yaml', 2])
  expect(published).toContain('/mesh/many/3.yaml')
  Object.assign(settings, { exclude: [] })
  await workspaces.reloadSettings()
  await workspaces.idle()
  expect([folderOf(), workspaces.folders.length]).toEqual(['/mesh', 1])
})

it('new settings end the current reading of a folder', async () => {
  const { workspaces, log } = workspacesOf(manyPolicies())
  await Promise.all([
    workspaces.add('/mesh'),
    workspaces.reloadSettings(),
    workspaces.reloadSettings(),
  ])
  await workspaces.idle()
  expect([workspaces.folders[0]?.files().length, workspaces.folders[0]?.ready, log]).toEqual([
    26,
    true,
    [],
  ])
})

it('a folder that is removed while it is read again has no findings afterwards', async () => {
  const settings: Partial<Settings> = {}
  const diagnosed = ['/mesh/many/3.yaml']
  const { workspaces, published } = workspacesOf(manyPolicies(), settings, {
    diagnosed,
    onReading: () => {
      if (settings.exclude) workspaces.remove('/mesh')
    },
  })
  await workspaces.add('/mesh')
  await workspaces.idle()
  Object.assign(settings, { exclude: ['other'] })
  published.length = 0
  await workspaces.reloadSettings()
  await workspaces.idle()
  expect([workspaces.folders.length, published]).toEqual([0, diagnosed])
})

it('folders with different definitions of an object are several meshes, until the definitions are equal', async () => {
  const namespace = (mode: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ${mode}}}\n`
  const files: Record<string, string> = {
    '/mesh/prod/ns.yaml': namespace('ambient'),
    '/mesh/staging/ns.yaml': namespace('none'),
  }
  const { workspaces, log } = workspacesOf(files)
  await workspaces.add('/mesh')
  const same = (): boolean =>
    workspaces.analysesOf('/mesh/prod/ns.yaml')[0] ===
    workspaces.analysesOf('/mesh/staging/ns.yaml')[0]
  expect(same()).toBe(false)
  expect(log.join('\n')).toContain(
    'Namespace "shop" is defined differently in "prod" and "staging"',
  )
  delete files['/mesh/staging/ns.yaml']
  workspaces.diskChanged(['/mesh/staging/ns.yaml'])
  await workspaces.idle()
  expect(same()).toBe(true)
})

it('folders become several meshes when a file is saved or closed, not while it is edited', async () => {
  const namespace = (mode: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ${mode}}}\n`
  const files: Record<string, string> = {
    '/mesh/prod/ns.yaml': namespace('ambient'),
    '/mesh/staging/ns.yaml': namespace('ambient'),
  }
  const { workspaces, open, sources } = workspacesOf(files)
  await workspaces.add('/mesh')
  const document = open('/mesh/staging/ns.yaml')
  const meshes = async (): Promise<number> => {
    await workspaces.idle()
    return workspaces.analysesOf('/mesh/prod/ns.yaml')[0] ===
      workspaces.analysesOf('/mesh/staging/ns.yaml')[0]
      ? 1
      : 2
  }
  document.text = namespace('none')
  workspaces.edit('/mesh/staging/ns.yaml')
  expect(await meshes()).toBe(1)
  workspaces.diskChanged(['/mesh/staging/ns.yaml'])
  expect(await meshes()).toBe(2)
  sources.close('/mesh/staging/ns.yaml')
  workspaces.close('/mesh/staging/ns.yaml')
  expect(await meshes()).toBe(1)
})

it('the findings of the last start disappear if a folder cannot be read', async () => {
  const { workspaces, published, log } = workspacesOf(
    manyPolicies(),
    {},
    {
      diagnosed: ['/mesh/namespace.yaml', '/other/namespace.yaml'],
      onReading: () => {
        throw new Error('no connection')
      },
    },
  )
  await workspaces.add('/mesh')
  expect(published).toEqual(['/mesh/namespace.yaml'])
  expect(log.join()).toContain('/mesh could not be read')
})
