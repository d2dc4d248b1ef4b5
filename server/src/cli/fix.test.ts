import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runs, replaceAllIn, replaceIn } from '@istio-ambient-policy/shared/testing'
import type { WritableHost } from '../host.js'
import { nodeHost } from '../nodeHost.js'
import { createCliFolder, type CliFolder } from './testing/cliFolder.js'
import { ALLOW_GET, DISABLED, DISABLED_FIXED, NAMESPACE_AND_API } from './testing/meshFiles.js'

let cli: CliFolder
beforeEach(() => {
  cli = createCliFolder({ 'mesh/mesh.yaml': NAMESPACE_AND_API, 'mesh/peers.yaml': DISABLED })
})
afterEach(() => {
  cli.remove()
})

const FIXES = [
  'mesh/peers.yaml:1:13 deprecated-api-version: Change to security.istio.io/v1',
  'mesh/peers.yaml:8:11 disable-mode-is-permissive: Remove DISABLE mode',
]

describe('check --fix', () => {
  it('check --fix applies all safe fixes and prints each of them', async () => {
    const { status, out, errors } = await cli.run(['check', '--fix', 'mesh'])
    expect(errors).toEqual(FIXES.map((fix) => `fixed ${fix}`))
    expect(cli.read('mesh/peers.yaml')).toBe(DISABLED_FIXED)
    expect(cli.read('mesh/mesh.yaml')).toBe(NAMESPACE_AND_API)
    expect({ status, out }).toEqual({ status: 0, out: 'No findings: 3 objects in 2 files.\n' })
  })

  it('check --fix fixes several documents of one file', async () => {
    cli.write(
      'mesh/peers.yaml',
      `${DISABLED}---\n${replaceIn(DISABLED, ['name: default', 'name: other'])}EOF\n---\n# the end\n`,
    )
    expect((await cli.run(['check', '--fix', 'mesh'])).errors).toHaveLength(5)
    expect(cli.read('mesh/peers.yaml')).toBe(
      `${DISABLED_FIXED}---\n${replaceIn(DISABLED_FIXED, ['name: default', 'name: other'])}---\n# the end\n`,
    )
  })

  it('check --fix keeps byte order mark, line endings, permissions and symbolic links', async () => {
    const text = (unix: string): string => `\ufeff${unix.replaceAll('\n', '\r\n')}`
    cli.write('mesh/peers.txt', text(replaceIn(DISABLED, ['as it was', 'as it wäs'])))
    chmodSync(join(cli.folder, 'mesh/peers.txt'), 0o640)
    cli.write('mesh/peers.yaml', '')
    symlinkSync('peers.txt', join(cli.folder, 'mesh/link.yaml'))
    await cli.run(['check', '--fix', 'mesh'])
    expect(readFileSync(join(cli.folder, 'mesh/peers.txt'), 'utf8')).toBe(
      text(replaceIn(DISABLED_FIXED, ['as it was', 'as it wäs'])),
    )
    expect(statSync(join(cli.folder, 'mesh/peers.txt')).mode & 0o777).toBe(0o640)
    expect(readlinkSync(join(cli.folder, 'mesh/link.yaml'))).toBe('peers.txt')
  })

  it('check --fix does not change a file that a symbolic link outside of the folder leads to', async () => {
    cli.write('elsewhere/other.yaml', replaceIn(DISABLED, ['name: default', 'name: other']))
    symlinkSync('../elsewhere/other.yaml', join(cli.folder, 'mesh/link.yaml'))
    const { errors } = await cli.run(['check', '--fix', 'mesh'])
    expect(errors).toContain('mesh/link.yaml is a symbolic link out of the folder and was not read')
    expect(cli.read('elsewhere/other.yaml')).toContain('mode: DISABLE')
  })

  it('check --fix reports findings without a safe fix, and they set the exit status', async () => {
    cli.write('mesh/allow.yaml', ALLOW_GET)
    const { status, out, errors } = await cli.run(['check', '--fix', 'mesh'])
    expect(cli.read('mesh/allow.yaml')).toBe(ALLOW_GET)
    expect(errors).toHaveLength(2)
    expect(status).toBe(1)
    expect(out).toMatch(/^mesh\/allow\.yaml:11:13 error l7-allow-rule-dropped/)
    expect(out).not.toContain('DISABLE')
  })

  it('check --fix does not fix findings that a comment or the settings turn off', async () => {
    const ignored = `# ambient-policy-ignore disable-mode-is-permissive -- on purpose\n${DISABLED}`
    cli.write('mesh/peers.yaml', ignored)
    cli.write('mesh/.ambient-policy.yaml', 'rules:\n  deprecated-api-version: off\n')
    expect((await cli.run(['check', '--fix', 'mesh'])).errors).toEqual([])
    expect(cli.read('mesh/peers.yaml')).toBe(ignored)
  })

  it('check --fix does not accept standard input', async () => {
    for (const option of ['--fix', '--fix-dry-run']) {
      expect(await cli.run(['check', option, 'mesh', '-'], { stdin: DISABLED })).toEqual({
        status: 2,
        out: '',
        errors: ['standard input cannot be fixed: use files and folders'],
      })
    }
  })

  it('check --fix does not change a file that contains a template', async () => {
    const mixed = `${DISABLED}---\n{{- if .Values.strict }}\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: {{ .Values.name }}\n{{- end }}\n`
    cli.write('mesh/peers.yaml', mixed)
    const { errors, out } = await cli.run(['check', '--fix', 'mesh'])
    expect(errors).toContain('mesh/peers.yaml was not fixed: it contains a template')
    expect(out).toContain('disable-mode-is-permissive')
    expect(cli.read('mesh/peers.yaml')).toBe(mixed)
  })

  it('check --fix does not change a file that is not valid UTF-8', async () => {
    const latin = Buffer.from(replaceIn(DISABLED, ['as it was', 'as it w\u00e4s']), 'latin1')
    cli.write('mesh/peers.yaml', latin)
    const { errors, status } = await cli.run(['check', '--fix', 'mesh'])
    expect(errors).toContain('mesh/peers.yaml was not fixed: it is not valid UTF-8')
    expect(status).toBe(0)
    expect(readFileSync(join(cli.folder, 'mesh/peers.yaml')).equals(latin)).toBe(true)
  })

  it.each([
    ['before it is fixed', 1, 'fixed'],
    ['before it is written', 2, 'written'],
  ])('check --fix does not write a file that changes %s', async (_, reads, word) => {
    const changed = `${DISABLED}# another change\n`
    let read = 0
    const change = (path: string): void => {
      if (path.endsWith('peers.yaml') && read++ === reads) cli.write('mesh/peers.yaml', changed)
    }
    const host: WritableHost = {
      ...nodeHost,
      readFile: (path, maxBytes) => {
        change(path)
        return nodeHost.readFile(path, maxBytes)
      },
      replaceFile: (path, before, after) => {
        change(path)
        return nodeHost.replaceFile(path, before, after)
      },
    }
    const { errors, status, out } = await cli.run(['check', '--fix', 'mesh'], { host })
    expect(errors.at(-1)).toBe(`mesh/peers.yaml changed during the check and was not ${word}`)
    expect(status).toBe(2)
    expect(cli.read('mesh/peers.yaml')).toBe(changed)
    expect(out).toContain('disable-mode-is-permissive')
  })

  it('check --fix says if a file cannot be written', async () => {
    cli.write('mesh/more.yaml', replaceIn(DISABLED, ['name: default', 'name: other']))
    const host: WritableHost = {
      ...nodeHost,
      replaceFile: (path, before, after) =>
        nodeHost.replaceFile(path.endsWith('peers.yaml') ? `${path}/none` : path, before, after),
    }
    const { errors, status, out } = await cli.run(['check', '--fix', 'mesh'], { host })
    expect(errors.at(-1)).toBe('mesh/peers.yaml does not exist')
    expect(status).toBe(2)
    expect(cli.read('mesh/more.yaml')).toContain('security.istio.io/v1 ')
    expect(out).toContain('mesh/peers.yaml:1:13 hint deprecated-api-version')
    expect(out).not.toContain('mesh/more.yaml:1:')
  })

  it('check --fix changes a file of several overlays only if all overlays have the same fix', async () => {
    cli = createCliFolder({
      'base/kustomization.yaml': 'resources: [peers.yaml]\n',
      'base/peers.yaml': DISABLED,
      'one/kustomization.yaml': 'resources: [../base, mesh.yaml]\n',
      'one/mesh.yaml': NAMESPACE_AND_API,
      'two/kustomization.yaml': 'resources: [../base, mesh.yaml]\n',
      'two/mesh.yaml': replaceIn(NAMESPACE_AND_API, [
        'dataplane-mode: ambient',
        'dataplane-mode: none',
      ]),
    })
    const { errors } = await cli.run(['check', '--fix', '.'])
    expect(errors.filter((line) => line.startsWith('fixed'))).toEqual([
      'fixed base/peers.yaml:1:13 deprecated-api-version: Change to security.istio.io/v1',
    ])
    expect(cli.read('base/peers.yaml')).toBe(replaceIn(DISABLED, ['v1beta1', 'v1']))
  })

  it('a second check --fix changes nothing', async () => {
    await cli.run(['check', '--fix', 'mesh'])
    expect((await cli.run(['check', '--fix', 'mesh'])).errors).toEqual([])
  })
})

describe('check --fix-dry-run', () => {
  it('check --fix-dry-run prints a diff for git apply and writes no file', async () => {
    cli.write(
      'mesh/ä.yaml',
      `${replaceIn(replaceAllIn(DISABLED, ['\n', '\r\n']), ['name: default', 'name: other'])}# no line end`,
    )
    const { out, errors, status } = await cli.run(['check', '--fix-dry-run', 'mesh'])
    expect(cli.read('mesh/peers.yaml')).toBe(DISABLED)
    expect(out).toContain(
      '--- a/mesh/peers.yaml\n+++ b/mesh/peers.yaml\n@@ -1,8 +1,5 @@\n-apiVersion: security.istio.io/v1beta1   # as it was\n+apiVersion: security.istio.io/v1   # as it was\n',
    )
    expect(errors).toEqual(
      expect.arrayContaining([
        ...FIXES.map((fix) => `would fix ${fix}`),
        'no findings would remain',
      ]),
    )
    expect(status).toBe(0)
    execFileSync('git', ['apply', '-'], {
      cwd: cli.folder,
      input: out,
      env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: cli.folder },
    })
    const patched = [cli.read('mesh/peers.yaml'), cli.read('mesh/ä.yaml')]
    cli.write('mesh/peers.yaml', DISABLED)
    cli.write(
      'mesh/ä.yaml',
      `${replaceIn(replaceAllIn(DISABLED, ['\n', '\r\n']), ['name: default', 'name: other'])}# no line end`,
    )
    await cli.run(['check', '--fix', 'mesh'])
    expect([cli.read('mesh/peers.yaml'), cli.read('mesh/ä.yaml')]).toEqual(patched)
    expect(patched[1]).toMatch(/\r\n# no line end$/)
  })

  it('check --fix-dry-run prints a diff of many changes', async () => {
    const many = (policy: string): string =>
      `# top\n---\n${Array.from({ length: runs(60) }, (_, index) => replaceIn(policy, ['name: default', `name: p${index}`])).join('---\n')}`
    cli.write('mesh/peers.yaml', `${many(DISABLED)}---\n# the end`)
    const { out } = await cli.run(['check', '--fix-dry-run', 'mesh'])
    execFileSync('git', ['apply', '--unidiff-zero', '-'], {
      cwd: cli.folder,
      input: out,
      env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: cli.folder },
    })
    expect(cli.read('mesh/peers.yaml')).toBe(`${many(DISABLED_FIXED)}---\n# the end`)
  })

  it('the remaining findings set the exit status of check --fix-dry-run', async () => {
    cli.write('mesh/allow.yaml', ALLOW_GET)
    const { status, errors } = await cli.run(['check', '--fix-dry-run', 'mesh'])
    expect({ status, last: errors.at(-1) }).toEqual({ status: 1, last: '1 error would remain' })
  })

  it('check --fix-dry-run cannot be combined with --format or --fix', async () => {
    expect(await cli.run(['check', '--fix-dry-run', '--format', 'json', 'mesh'])).toEqual({
      status: 2,
      out: '',
      errors: ['--fix-dry-run prints only a diff: remove --format'],
    })
    expect((await cli.run(['check', '--fix-dry-run', '--fix', 'mesh'])).errors).toEqual([
      `option '--fix-dry-run' cannot be used with option '--fix': see "ambient-policy check --help"`,
    ])
  })
})
