// npm runs this script after an installation in the checkout and before it packs the package. It bundles the
// command line. npm up to 11 does not install the dependencies for a global installation from Git (npm/cli issue
// 8440), so this script does.
import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cwd = fileURLToPath(new URL('..', import.meta.url))
const run = (command) => execSync(command, { cwd, stdio: 'inherit' })

if (!existsSync(`${cwd}node_modules/esbuild`))
  run('npm ci --global=false --include=dev --ignore-scripts --no-audit --no-fund')
run('node esbuild.mjs --only cli')
