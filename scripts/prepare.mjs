// npm runs this after an installation in the checkout and before it packs the package: it bundles the command line, which the package is about.
// npm up to 11 prepares a package that is installed globally from Git without its dependencies (npm/cli issue 8440): then they are installed here.
import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cwd = fileURLToPath(new URL('..', import.meta.url))
const run = (command) => execSync(command, { cwd, stdio: 'inherit' })

if (!existsSync(`${cwd}node_modules/esbuild`))
  run('npm ci --global=false --include=dev --ignore-scripts --no-audit --no-fund')
run('node esbuild.mjs --only cli')
