import { execFileSync } from 'node:child_process'
import { renameSync, symlinkSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const OPENED = replaceIn(MESH, ['methods: [GET]', 'methods: [GET, DELETE]'])
const CLOSED = replaceIn(MESH, ['methods: [GET]', 'methods: [POST]'])

const { run, folder, write, remove } = createCliFolder({})
afterAll(remove)

const git = (...args: string[]): void => {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd: `${folder}/repository`,
    stdio: 'ignore',
  })
}

it('--git compares commits from their merge base, and a commit with the files on disk', async () => {
  write('repository/deploy/mesh.yaml', MESH)
  git('init', '--initial-branch', 'main')
  git('add', '.')
  git('commit', '-m', 'first')
  git('checkout', '-b', 'change')
  write('repository/deploy/mesh.yaml', OPENED)
  git('commit', '-a', '-m', 'second')
  git('checkout', 'main')
  write('repository/deploy/mesh.yaml', CLOSED)
  git('commit', '-a', '-m', 'third')
  const kinds = async (range: string): Promise<string[]> => {
    const { out } = await run(['diff', '--git', range, '--format', 'json', 'deploy'], {
      cwd: 'repository',
    })
    return (JSON.parse(out) as { changes: { kind: string }[] }).changes.map(({ kind }) => kind)
  }
  expect(await kinds('main...change')).toEqual(['gained'])
  expect(await kinds('main..change')).toEqual(['gained', 'lost'])
  expect(await kinds('change~1..')).toEqual(['gained', 'lost'])
  const { out } = await run(['diff', '--git', 'main...change'], { cwd: 'repository/deploy' })
  expect(out).toContain('allowed by shop/readers (mesh.yaml:33)')
  write('repository/deploy/mesh.yaml', MESH)
  expect(await kinds('HEAD')).toEqual(['gained', 'lost'])
})

it('--git refuses a path that is on neither side, and a folder that is removed is empty', async () => {
  for (const range of ['HEAD~1...HEAD', 'HEAD'])
    expect(await run(['diff', '--git', range, 'deply'], { cwd: 'repository' })).toEqual({
      status: 2,
      out: '',
      errors: ['deply exists neither before nor after the change'],
    })
  renameSync(`${folder}/repository/deploy`, `${folder}/repository/moved`)
  const removed = await run(['diff', '--git', 'HEAD', 'deploy'], { cwd: 'repository' })
  expect(removed).toMatchObject({ status: 0, errors: [] })
  expect(removed.out).toContain('removed')
  renameSync(`${folder}/repository/moved`, `${folder}/repository/deploy`)
})

it('--git follows symbolic links, as on disk', async () => {
  symlinkSync('deploy', `${folder}/repository/link`)
  write('repository/linked/mesh.txt', MESH)
  symlinkSync('mesh.txt', `${folder}/repository/linked/mesh.yaml`)
  symlinkSync('itself', `${folder}/repository/itself`)
  git('add', '.')
  git('commit', '-m', 'links')
  for (const path of ['link', 'linked', 'linked/mesh.yaml']) {
    const { out, errors } = await run(['diff', '--git', 'HEAD', path], { cwd: 'repository' })
    expect(out).toMatch(/^no change of access; [1-9]/)
    expect(errors).toEqual([])
  }
  expect((await run(['diff', '--git', 'HEAD', 'itself'], { cwd: 'repository' })).status).toBe(2)
})

it.each([
  [
    '--upload-pack=x...HEAD',
    '--git must be BASE...HEAD, and "--upload-pack=x" is no name of a revision',
  ],
  ['main...--all', '--git must be BASE...HEAD, and "--all" is no name of a revision'],
  ['nothing...HEAD', 'git has no commit "nothing"'],
])('--git=%s is refused', async (range, message) => {
  expect(await run(['diff', `--git=${range}`], { cwd: 'repository' })).toEqual({
    status: 2,
    out: '',
    errors: [message],
  })
})

it('--git says what a shallow clone lacks', async () => {
  const first = execFileSync('git', ['rev-parse', 'HEAD~1'], { cwd: `${folder}/repository` })
  const shallow = ['clone', '--quiet', '--depth', '1', `file://${folder}/repository`, '../shallow']
  git(...shallow)
  const help =
    ' in this shallow clone: fetch the whole history (actions/checkout: "fetch-depth: 0")'
  const errors = async (range: string): Promise<readonly string[]> =>
    (await run(['diff', '--git', range, '.'], { cwd: 'shallow' })).errors
  expect(await errors('HEAD~1...HEAD')).toEqual([`git has no commit "HEAD~1"${help}`])
  const base = first.toString('utf8').trim()
  execFileSync('git', ['fetch', '--quiet', '--depth', '1', 'origin', base], {
    cwd: `${folder}/shallow`,
  })
  expect(await errors(`${base}...HEAD`)).toEqual([
    `"${base}" and "HEAD" have no common commit${help}`,
  ])
})
