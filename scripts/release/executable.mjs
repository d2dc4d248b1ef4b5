// The program as one executable, with the Node of this machine in it: https://nodejs.org/api/single-executable-applications.html
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './names.mjs'

/** Node looks for this text, and postject changes its last character. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'
const SECTION = 'NODE_SEA_BLOB'
const POSTJECT = join(ROOT, 'node_modules/postject/dist/cli.js')

/** `ambient-policy-linux-x64`, for the platform of this machine. */
export function executableName(name) {
  return `${name}-${process.platform}-${process.arch}${process.platform === 'win32' ? '.exe' : ''}`
}

/** Whether this machine can make the executable. */
export function canMakeExecutable() {
  return existsSync(POSTJECT) && process.config.variables.node_shared === false
}

/**
 * Makes the executable.
 *
 * @param {string} program a CommonJS program in one file
 * @param {string} to the executable
 * @param {string} work a folder for files in between
 */
export function makeExecutable(program, to, work) {
  const config = join(work, 'sea.json')
  const blob = join(work, 'sea.blob')
  writeFileSync(
    config,
    JSON.stringify({
      main: program,
      output: blob,
      disableExperimentalSEAWarning: true,
      useCodeCache: true,
      // `--timeout` runs the program in another thread.
      assets: { program },
    }),
  )
  run(process.execPath, ['--experimental-sea-config', config])
  copyFileSync(process.execPath, to)
  chmodSync(to, 0o755)
  const isMac = process.platform === 'darwin'
  if (isMac) run('codesign', ['--remove-signature', to])
  run(process.execPath, [
    POSTJECT,
    to,
    SECTION,
    blob,
    '--sentinel-fuse',
    FUSE,
    ...(isMac ? ['--macho-segment-name', 'NODE_SEA'] : []),
  ])
  if (isMac) run('codesign', ['--sign', '-', to])
}

/** Postject warns about sections of Node that have no name. */
function run(command, args) {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
