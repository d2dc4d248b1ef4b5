// A Git repository in the folder of a tour.
import { execFileSync } from 'node:child_process'

/** Commits all files of a folder. */
export function commitAll(folder) {
  const git = (...args) =>
    execFileSync(
      'git',
      [
        '-c',
        'user.name=tour',
        '-c',
        'user.email=tour@example.com',
        '-c',
        'init.defaultBranch=main',
        ...args,
      ],
      { cwd: folder, stdio: 'pipe' },
    )
  git('init', '-q')
  git('add', '-A')
  git('commit', '-q', '-m', 'The mesh')
}

/** The settings of a tour whose folder is a repository. */
export const GIT_SETTINGS = { 'git.enabled': true, 'git.autofetch': false }
