import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: secret}\n'
export const GOOD = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: good, namespace: n}\n'
const LINK_OUT = 'is a symbolic link out of the folder and was not read'
const NOT_REGULAR = 'is not a regular file and was not read'

/** Makes the path of an entry. `up` leads from its folder to the folder above `mesh`. */
type Make = (path: string, up: string) => void

const link =
  (target: string): Make =>
  (path) => {
    symlinkSync(target, path)
  }
const linkUp =
  (target: string): Make =>
  (path, up) => {
    symlinkSync(`${up}${target}`, path)
  }
const pipe: Make = (path) => {
  execFileSync('mkfifo', [path])
}

/** Each entry, its kind, and the message about it. Undefined: it is read, or it contains nothing to read. */
export const ENTRIES: Readonly<Record<string, { readonly make: Make; readonly answer?: string }>> =
  {
    'a link to /dev/zero': { make: link('/dev/zero'), answer: NOT_REGULAR },
    'a link to /dev/stdin': { make: link('/dev/stdin'), answer: NOT_REGULAR },
    'a link to /dev/random': { make: link('/dev/random'), answer: NOT_REGULAR },
    'a link to /dev/tty': { make: link('/dev/tty'), answer: NOT_REGULAR },
    'a link to /proc/self/fd/0': { make: link('/proc/self/fd/0'), answer: NOT_REGULAR },
    'a link to a file of the system': { make: link('/etc/passwd'), answer: LINK_OUT },
    'a link to /proc/self/environ': { make: link('/proc/self/environ'), answer: LINK_OUT },
    'a link to /': { make: link('/'), answer: LINK_OUT },
    'a link to the folder above': { make: linkUp(''), answer: LINK_OUT },
    'a link to a file beside the folder': { make: linkUp('/secret.yaml'), answer: LINK_OUT },
    'a link to a link that leads out': {
      make: (path) => {
        symlinkSync('/etc/passwd', join(dirname(path), 'second'))
        symlinkSync('second', path)
      },
      answer: LINK_OUT,
    },
    'a link through a folder that leads out': {
      make: (path, up) => {
        symlinkSync(up, join(dirname(path), 'up'))
        symlinkSync('up/secret.yaml', path)
      },
      answer: LINK_OUT,
    },
    'a pipe': { make: pipe, answer: NOT_REGULAR },
    'a link to a pipe': {
      make: (path) => {
        execFileSync('mkfifo', [join(dirname(path), 'pipe')])
        symlinkSync('pipe', path)
      },
      answer: NOT_REGULAR,
    },
    'a link to itself': {
      make: (path) => {
        symlinkSync(path, path)
      },
    },
    'a link that leads nowhere': { make: link('nowhere') },
    'a link to its own folder': { make: link('.') },
    'a link to a good file': { make: link('good.yaml') },
    'a folder': {
      make: (path) => {
        mkdirSync(path)
      },
    },
  }
