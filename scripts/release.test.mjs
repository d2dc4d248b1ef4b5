import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { containerProgram, krewPlugin } from './installedFiles.mjs'
import { makeRelease } from './release/files.mjs'
import { marketplaceProblems } from './release/marketplace.mjs'
import { PLACEHOLDER, releaseNames, ROOT } from './release/names.mjs'
import { readVsix } from './release/readVsix.mjs'
import { readManifest } from './readManifest.mjs'

const MAX_FILES = 12

const names = releaseNames()
const folder = mkdtempSync(join(tmpdir(), 'release-'))
const release = join(folder, 'release')
const empty = join(folder, 'empty')
const cache = join(folder, 'cache')
const read = (file) => readFileSync(join(release, file), 'utf8')
const tarball = `${names.npmPackage}-${names.version}.tgz`

beforeAll(async () => {
  mkdirSync(release)
  await makeRelease(release, { vsix: true, executable: false })
  mkdirSync(empty)
  writeFileSync(join(empty, 'package.json'), '{"private":true}')
  execFileSync(
    'npm',
    ['install', '--offline', '--no-audit', '--no-fund', '--cache', cache, join(release, tarball)],
    { cwd: empty, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  cpSync(join(ROOT, 'test-fixtures/meshes/shop'), join(empty, 'deploy'), { recursive: true })
}, 120_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Files of the library, which all programs share. */
const library = new Map()

/** Compiles a file as `tsc` does. Returns the errors. */
function compile(file, given) {
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    { strict: true, target: 'es2022', lib: ['es2022'], skipDefaultLibCheck: true, ...given },
    empty,
  )
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) => {
    if (!/[\\/]lib\.[^\\/]*\.d\.ts$/.test(name)) return read(name, ...rest)
    if (!library.has(name)) library.set(name, read(name, ...rest))
    return library.get(name)
  }
  const program = ts.createProgram({ rootNames: [file], options, host })
  const { diagnostics } = program.emit()
  return [...errors, ...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\n'),
  )
}

describe('the package on npm', () => {
  it('has few files, no dependencies and no scripts', () => {
    const files = readdirSync(join(empty, 'node_modules/ambient-policy'), {
      recursive: true,
      withFileTypes: true,
    }).filter((entry) => entry.isFile())
    expect(files.length).toBeLessThanOrEqual(MAX_FILES)
    const manifest = JSON.parse(read('npm/package.json'))
    expect(manifest).not.toHaveProperty('scripts')
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest.version).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'))).version)
  })

  it('installs without network, and its program checks the sample', () => {
    const bin = join(empty, 'node_modules/.bin/ambient-policy')
    const { status, stdout, stderr } = spawnSync(bin, ['check', 'deploy'], {
      cwd: empty,
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/\n\d+ errors, .*: \d+ objects in \d+ files\.\n$/)
  })

  it('the evaluator can be imported and required', () => {
    const use = `const { verdict } = createEvaluator({}).evaluate({ from: { ip: '192.0.2.1' }, to: { service: 'a/b', port: 1 } }); console.log(verdict)`
    const programs = {
      'use.mjs': `import { createEvaluator } from 'ambient-policy/evaluator'\n${use}`,
      'use.cjs': `const { createEvaluator } = require('ambient-policy/evaluator')\n${use}`,
    }
    for (const [file, text] of Object.entries(programs)) {
      writeFileSync(join(empty, file), text)
      expect(execFileSync(process.execPath, [file], { cwd: empty, encoding: 'utf8' })).toBe(
        'undecided\n',
      )
    }
  })

  it('the example of its readme compiles and runs', () => {
    const [, example] = /```ts\n([\s\S]*?)```/.exec(read('npm/README.md'))
    const text = readFileSync(join(ROOT, 'test-fixtures/meshes/shop/policies.yaml'), 'utf8')
    writeFileSync(
      join(empty, 'example.mts'),
      `declare const console: { log(text: string): void }\nconst text = ${JSON.stringify(text)}\n${example}console.log(\`\${verdict} \${hops.length}\`)\n`,
    )
    expect(compile(join(empty, 'example.mts'), { module: 'nodenext' })).toEqual([])
    const lines = execFileSync(process.execPath, ['example.mjs'], { cwd: empty, encoding: 'utf8' })
    expect(lines).toMatch(/^deploy\/mesh\.yaml:\d+ [a-z0-9-]+ /)
    expect(lines).toMatch(/\n(?:allow|deny|undecided) \d+\n$/)
  })

  it.each([
    ['nodenext', 'nodenext'],
    ['preserve', 'bundler'],
    ['commonjs', 'node10'],
  ])('the types compile in a project with module %s and resolution %s', (module, resolution) => {
    writeFileSync(
      join(empty, 'use.ts'),
      `import { createEvaluator, type Evaluation, type Finding } from 'ambient-policy/evaluator'
const evaluator = createEvaluator({ 'a.yaml': '' }, { settings: { istioVersion: '1.30' } })
const answer: Evaluation = evaluator.evaluate({ from: { ip: '192.0.2.1' }, to: { service: 'a/b', port: 80 } })
export const names: string[] = evaluator.check().map((finding: Finding) => finding.rule)
// @ts-expect-error A request needs a destination.
evaluator.evaluate({ from: {} })
export const line: number | undefined = answer.hops[0]?.range?.start.line
`,
    )
    const options = {
      module,
      moduleResolution: resolution,
      noEmit: true,
      ignoreDeprecations: '6.0',
    }
    expect(compile(join(empty, 'use.ts'), options)).toEqual([])
  })
})

describe('the extension', () => {
  let files
  beforeAll(async () => {
    files = await readVsix(join(release, `istio-ambient-policy-${names.version}.vsix`))
  })
  const problems = (change = {}) =>
    marketplaceProblems({
      manifest: { ...readManifest(), ...change },
      files,
      placeholder: PLACEHOLDER,
    })

  it('has everything that the Marketplace needs, except the names of the publisher', () => {
    const open = ['repository', 'bugs', 'homepage', 'qna'].map(
      (key) => `${key} has the placeholder ${PLACEHOLDER}`,
    )
    expect(problems()).toEqual(names.organisation === PLACEHOLDER ? open : [])
  })

  it.each([
    [{ displayName: 'Istio Policies' }, 'the display name begins with a trademark'],
    [{ qna: undefined }, 'qna is no https address'],
    [{ icon: 'client/media/icon.svg' }, 'the icon is no PNG of 128 pixels'],
    [{ categories: ['Networking'] }, 'a category does not exist'],
    [{ pricing: undefined }, 'the manifest has no pricing'],
    [{ activationEvents: ['*'] }, 'the extension is active in every window'],
    [{ main: './client/dist/other.cjs' }, './client/dist/other.cjs is missing'],
  ])('the list finds %j', (change, problem) => {
    expect(problems(change)).toContain(problem)
  })

  it('the list finds relative links and images that the Marketplace does not show', () => {
    const found = marketplaceProblems({
      manifest: readManifest(),
      placeholder: PLACEHOLDER,
      files: new Map([
        ...files,
        ['readme.md', Buffer.from('![a](a.png) [b](docs/b.md) ![c](https://c.example/c.svg)')],
        ['client/src/a.ts', Buffer.from('')],
      ]),
    })
    expect(found).toEqual(
      expect.arrayContaining([
        'client/src/a.ts is packaged',
        'the readme links a.png, which is not absolute',
        'the readme links docs/b.md, which is not absolute',
        'the image https://c.example/c.svg is an SVG',
      ]),
    )
  })
})

describe('the tree of a tag', () => {
  it('the action runs from it, without node_modules', () => {
    const { main } = parse(read('tree/action.yml')).runs
    const { status, stdout } = spawnSync(process.execPath, [join(release, 'tree', main)], {
      cwd: empty,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], INPUT_PATHS: 'deploy' },
    })
    expect(status).toBe(1)
    expect(stdout).toMatch(/^::error file=deploy\//)
  })

  it('pre-commit installs the program from it and runs it', () => {
    const [{ entry, language }] = parse(read('tree/.pre-commit-hooks.yaml'))
    expect(language).toBe('node')
    const prefix = join(folder, 'pre-commit')
    // pre-commit packs the repository of the hook and installs the package.
    const options = ['--global', '--offline', '--no-audit', '--no-fund', '--install-links']
    execFileSync(
      'npm',
      ['install', ...options, '--cache', cache, '--prefix', prefix, join(release, 'tree')],
      { stdio: 'ignore' },
    )
    const [command, ...args] = entry.split(' ')
    const { status } = spawnSync(join(prefix, 'bin', command), args, { cwd: empty })
    expect(status).toBe(1)
  })
})

describe('the manifests', () => {
  /** The exit status of a program that checks the sample, which has errors. */
  const checkedBy = (program) =>
    spawnSync(process.execPath, [program, 'check', 'deploy'], { cwd: empty }).status
  const checksum = (file) =>
    createHash('sha256')
      .update(readFileSync(join(release, file)))
      .digest('hex')

  it('krew and Homebrew name the package and its checksum', () => {
    const { spec } = parse(read('ambient-policy.yaml'))
    expect(spec.version).toBe(`v${names.version}`)
    const [platform] = spec.platforms
    expect(platform.sha256).toBe(checksum(tarball))
    expect(platform.uri).toMatch(new RegExp(`/${tarball}$`))
    const program = krewPlugin(platform, {
      archive: join(release, 'npm'),
      to: join(folder, 'krew'),
    })
    expect(checkedBy(program)).toBe(1)
    const formula = read('ambient-policy.rb')
    expect(formula).toContain(`sha256 "${checksum(tarball)}"`)
    expect(formula).toContain(`url "${names.npmTarball}"`)
  })

  it('the program of the container has everything that it needs', () => {
    const context = join(release, 'docker')
    const to = join(folder, 'image')
    expect(checkedBy(containerProgram(read('docker/Dockerfile'), { context, to }))).toBe(1)
  })

  it('the checksums are those of the files', () => {
    const lines = read('SHA256SUMS').trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines) {
      const [sum, file] = line.split('  ')
      expect(checksum(file)).toBe(sum)
    }
  })

  it('the bill of materials lists the bundled packages, with licence and hash', () => {
    const bom = JSON.parse(read(`ambient-policy-${names.version}.cdx.json`))
    const bundled = readFileSync(join(ROOT, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8')
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' })
    expect(bom.components.map(({ name }) => name)).toContain('yaml')
    for (const { name, version, licenses, hashes } of bom.components) {
      expect(bundled).toContain(`${name} ${version} (`)
      expect(licenses?.length, name).toBe(1)
      expect(hashes?.length, name).toBe(1)
    }
  })

  it('the names of the repository are those of packaging/placeholders.json', () => {
    const { repository, bugs, homepage, qna } = JSON.parse(readFileSync(join(ROOT, 'package.json')))
    expect(repository.url).toBe(`git+${names.repositoryUrl}.git`)
    expect([bugs.url, homepage, qna]).toEqual([
      `${names.repositoryUrl}/issues`,
      `${names.repositoryUrl}#readme`,
      `${names.repositoryUrl}/discussions`,
    ])
  })
})
