import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cache } from '../cache/cache.js'
import { DiskCache } from '../cache/diskCache.js'
import { FORMAT_NAMES } from './format/formatNames.js'
import { createCliFolder, type CliFolder } from './testing/cliFolder.js'
import { MESH } from './testing/commandMesh.js'
import { ALLOW_GET } from './testing/meshFiles.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const RENDERED = `# Source: shop/templates/policy.yaml\n${ALLOW_GET}`
const WITH_NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n'

let cli: CliFolder
let cache: CountingCache

/** Counts the texts that were found. */
class CountingCache implements Cache {
  found = 0
  readonly kept: Cache

  constructor(kept: Cache) {
    this.kept = kept
  }

  get(key: string): string | undefined {
    const text = this.kept.get(key)
    if (text !== undefined) this.found++
    return text
  }

  put(key: string, text: string): void {
    this.kept.put(key, text)
  }

  hash(text: string): string {
    return this.kept.hash(text)
  }

  prune(): void {
    this.kept.prune()
  }
}

beforeEach(() => {
  cli = createCliFolder({
    'mesh/mesh.yaml': MESH,
    'mesh/policy.yaml': ALLOW_GET,
    'mesh/rendered.yaml': RENDERED,
    'mesh/broken.yaml': 'kind: Service\nmetadata: [\n',
    'mesh/binary.yaml': Buffer.from([0xff, 0xfe, 0]),
    'mesh/kubectl.yaml': replaceIn(ALLOW_GET, ['kind:', '"kin\\u0064":']),
    'mesh/kustomization.yaml': 'resources: [mesh.yaml]\nreplacements: []\n',
  })
  cache = new CountingCache(new DiskCache(join(cli.folder, 'cache'), '1'))
})
afterEach(() => {
  cli.remove()
})

const fresh = (args: readonly string[] = []) => cli.run(['check', 'mesh', ...args])
const cached = (args: readonly string[] = []) => cli.run(['check', 'mesh', ...args], { cache })

describe('the cache of check', () => {
  it.each([
    ...FORMAT_NAMES.check.map((format) => ['--format', format]),
    ['--strict'],
    ['--fail-on', 'never', '--output', 'sarif=report.sarif'],
  ])('a second run prints the same: %s %s', async (...args) => {
    const expected = await fresh(args)
    expect(await cached(args)).toEqual(expected)
    expect(cache.found).toBe(0)
    expect(await cached(args)).toEqual(expected)
    expect(cache.found).toBe(1)
  })

  it.each<[string, () => void]>([
    [
      'a changed file',
      () => {
        cli.write('mesh/mesh.yaml', replaceIn(MESH, ['ambient', 'none']))
      },
    ],
    [
      'a new file',
      () => {
        cli.write('mesh/new/policy.yaml', ALLOW_GET)
      },
    ],
    [
      'a deleted file',
      () => {
        rmSync(join(cli.folder, 'mesh/policy.yaml'))
      },
    ],
    [
      'a renamed file',
      () => {
        rmSync(join(cli.folder, 'mesh/policy.yaml'))
        cli.write('mesh/policy2.yaml', ALLOW_GET)
      },
    ],
    [
      'a new settings file',
      () => {
        cli.write('mesh/.ambient-policy.yaml', 'rules: {l7-allow-rule-dropped: off}\n')
      },
    ],
    [
      'a new link',
      () => {
        symlinkSync('mesh.yaml', join(cli.folder, 'mesh/link.yaml'))
      },
    ],
    [
      'a new template of rendered text',
      () => {
        cli.write('shop/Chart.yaml', 'name: shop\n')
        cli.write('shop/templates/policy.yaml', ALLOW_GET)
      },
    ],
  ])('%s is noticed', async (_, change) => {
    await cached()
    change()
    const expected = await fresh()
    expect(await cached()).toEqual(expected)
    expect(await cached()).toEqual(expected)
  })

  it('findings of a neighbouring file disappear', async () => {
    cli.write('mesh/mesh.yaml', `${MESH}---\n${WITH_NAMESPACE}`)
    const before = await cached(['--format', 'json'])
    cli.write('mesh/mesh.yaml', WITH_NAMESPACE)
    const after = await cached(['--format', 'json'])
    expect(after.out).not.toBe(before.out)
    expect(after.out).toBe((await fresh(['--format', 'json'])).out)
  })

  it.each([
    ['an option', ['--no-cache']],
    ['fixes', ['--fix-dry-run']],
  ])('nothing is kept because of %s', async (_, args) => {
    await cached(args)
    expect(existsSync(join(cli.folder, 'cache'))).toBe(false)
  })

  it('nothing is kept of the tools of assistants', async () => {
    const params = { name: 'check', arguments: {} }
    const stdin = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })}\n`
    const { out } = await cli.run(['mcp', 'mesh'], { cache, stdin })
    expect(out).toContain('l7-allow-rule-dropped')
    expect(existsSync(join(cli.folder, 'cache'))).toBe(false)
  })

  it('nothing is kept of standard input, and if a settings file turns the cache off', async () => {
    await cli.run(['check', '-'], { cache, stdin: MESH })
    cli.write('mesh/.ambient-policy.yaml', 'cache: false\n')
    await cached()
    expect(existsSync(join(cli.folder, 'cache'))).toBe(false)
  })

  it.each([
    ['not JSON', '{'],
    ['of another shape', '{"findings": [{}], "files": []}'],
    ['null', 'null'],
  ])('an entry that is %s is ignored and written again', async (_, text) => {
    let kept: string | undefined
    const one: Cache = {
      get: () => kept,
      put: (_, value) => {
        kept = value
      },
      hash: (value) => value,
      prune: () => undefined,
    }
    const expected = await fresh()
    await cli.run(['check', 'mesh'], { cache: one })
    const whole = kept ?? ''
    kept = `${whole.slice(0, whole.indexOf('\n'))}\n${text}`
    expect(await cli.run(['check', 'mesh'], { cache: one })).toEqual(expected)
    expect(kept).toBe(whole)
  })

  it('ignore comments and levels of settings are part of the key', async () => {
    cli.write('mesh/policy.yaml', `# ambient-policy-ignore-file\n${ALLOW_GET}`)
    for (const args of [[], ['--no-ignore-comments'], ['--settings', 'none'], []]) {
      expect(await cached(args)).toEqual(await fresh(args))
    }
  })

  it('one folder keeps one result', async () => {
    for (const image of ['a', 'b', 'c']) {
      cli.write('mesh/mesh.yaml', `${MESH}# ${image}\n`)
      await cached()
    }
    expect(readdirSync(join(cli.folder, 'cache'))).toHaveLength(1)
  })
})
