// The files of a release as they are after an installation. For tests.
import { cpSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Copies what a platform of a krew manifest installs. Returns its program. */
export function krewPlugin({ files, bin }, { archive, to }) {
  for (const { from, to: target } of files) {
    const source = join(archive, from.replace('package/', ''))
    const [copied, name] = source.endsWith('*') ? [dirname(source), ''] : [source, basename(source)]
    mkdirSync(join(to, target), { recursive: true })
    cpSync(copied, join(to, target, name), { recursive: true })
  }
  return join(to, bin)
}

/** Copies what a container file copies. Returns its program. */
export function containerProgram(dockerfile, { context, to }) {
  for (const [, files, target] of dockerfile.matchAll(/^COPY (.*) (\S+)$/gm))
    for (const file of files.split(' '))
      cpSync(join(context, file), join(to, target, target.endsWith('/') ? file : ''), {
        recursive: true,
      })
  const [, program] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)[1])
  return join(to, program)
}
