import { afterEach, describe, expect, it } from 'vitest'
import { TookTooLong } from '../deadline.js'
import { manyPolicies, POLICY, workspacesOf } from '../testing/memoryWorkspaces.js'
import { ScriptedClient } from '../testing/scriptedClient.js'

const LEFT_OUT = 'is left out: its evaluation did not end. Change and save it to try again.'

function hangingAt(isHanging: (file: string) => boolean) {
  return workspacesOf(
    manyPolicies(),
    {},
    {
      onPublish: (file) => {
        if (isHanging(file)) throw new TookTooLong()
      },
    },
  )
}

describe('hanging: the evaluation of a file', () => {
  it('a file whose evaluation does not end is left out, and all others are published', async () => {
    const { workspaces, published, unread, log } = hangingAt((file) => file === '/mesh/many/7.yaml')
    await workspaces.add('/mesh')
    await workspaces.idle()
    const others = Object.keys(manyPolicies()).filter((file) => file !== '/mesh/many/7.yaml')
    expect([...new Set(published)].filter((file) => others.includes(file)).sort()).toEqual(
      others.sort(),
    )
    expect(workspaces.folders[0]?.files()).not.toContain('/mesh/many/7.yaml')
    expect(log).toContain(`/mesh/many/7.yaml ${LEFT_OUT}`)
    expect([...new Set(unread)]).toEqual([`/mesh/many/7.yaml: This file ${LEFT_OUT}`])
  })

  it('the file is evaluated again after it was saved', async () => {
    let isHanging = true
    const { workspaces, published } = hangingAt((file) => isHanging && file === '/mesh/many/7.yaml')
    await workspaces.add('/mesh')
    await workspaces.idle()
    isHanging = false
    published.length = 0
    workspaces.diskChanged(['/mesh/many/7.yaml'])
    await workspaces.idle()
    expect(published).toContain('/mesh/many/7.yaml')
    expect(workspaces.folders[0]?.files()).toContain('/mesh/many/7.yaml')
  })

  it('an edit of a file whose evaluation does not end leaves it out', async () => {
    let isHanging = false
    const { workspaces, sources, open, unread } = hangingAt(
      (file) => isHanging && file === '/mesh/many/7.yaml',
    )
    await workspaces.add('/mesh')
    const document = open('/mesh/many/7.yaml')
    await workspaces.idle()
    isHanging = true
    document.text = POLICY(1)
    workspaces.edit('/mesh/many/7.yaml')
    await workspaces.idle()
    expect(unread).toContain(`/mesh/many/7.yaml: This file ${LEFT_OUT}`)
    isHanging = false
    workspaces.diskChanged(['/mesh/many/7.yaml'])
    await workspaces.idle()
    expect(sources.isOpen('/mesh/many/7.yaml')).toBe(true)
    expect(workspaces.folders[0]?.files()).toContain('/mesh/many/7.yaml')
  })

  it('a folder in which the evaluation of each file hangs is given up after some files', async () => {
    const { workspaces, log, published } = hangingAt(() => true)
    await workspaces.add('/mesh')
    await workspaces.idle()
    expect(log.filter((line) => line.endsWith(LEFT_OUT))).toHaveLength(6)
    expect(published.length).toBeLessThanOrEqual(6)
    expect(workspaces.folders[0]?.files()).toEqual([])
  })
})

describe('hanging: a server process', () => {
  const clients: ScriptedClient[] = []
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.stop()
  })

  const HANG = `
process.argv.push('--max-seconds=5')
for (const name of ['startsWith', 'endsWith', 'includes', 'indexOf', 'split']) {
  const original = String.prototype[name]
  String.prototype[name] = function (...args) {
    if (String(this) === 'shop/makes-the-server-hang') for (;;);
    return original.apply(this, args)
  }
}
`
  const policyFor = (name: string, account: string): string =>
    `apiVersion: security.istio.io/v1beta1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {rules: [{from: [{source: {serviceAccounts: [${account}]}}]}]}\n`

  it('ends the work on a file that hangs, and answers for the others', async () => {
    const client = await ScriptedClient.start({
      transport: 'stdio',
      preload: HANG,
      folders: {
        mesh: {
          'good.yaml': policyFor('good', 'shop/web'),
          'bad.yaml': policyFor('bad', 'shop/makes-the-server-hang'),
        },
      },
    })
    clients.push(client)
    expect(client.codes('mesh/good.yaml')).toContain('deprecated-api-version')
    expect(client.diagnostics('mesh/bad.yaml').map(({ message }) => message)).toEqual([
      `This file ${LEFT_OUT}`,
    ])
    expect(client.log.join('\n')).toContain(`bad.yaml ${LEFT_OUT}`)
    client.write('mesh/bad.yaml', policyFor('bad', 'shop/api'))
    await client.changedOnDisk(['mesh/bad.yaml', 'changed'])
    expect(client.codes('mesh/bad.yaml')).toContain('deprecated-api-version')
  })
})
