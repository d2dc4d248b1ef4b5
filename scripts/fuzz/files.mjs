// Folders with links, pipes and devices under each name that is read: no file outside of the repository is read, and
// what is not read has a notice.
import { FOLDER, problemOfOutput, run } from './commandLine.mjs'
import { LinkedDisk } from './linkedDisk.mjs'

const NAMES = [
  ...[
    'a.yaml',
    'b.yml',
    'c.json',
    '.ambient-policy.yaml',
    'Chart.yaml',
    'Chart.lock',
    'values.yaml',
  ],
  ...[
    'kustomization.yaml',
    'kustomization.yml',
    'Kustomization',
    't.access-test.yaml',
    'base.json',
  ],
  ...['sub', 'sub/a.yaml', 'sub/kustomization.yaml', 'sub/templates/a.yaml', 'templates/a.yaml'],
]
const TARGETS = [
  ...[
    '/dev/zero',
    '/dev/stdin',
    '/etc/passwd',
    '/',
    '..',
    '.',
    'nowhere',
    'a.yaml',
    'sub',
    '../a.yaml',
  ],
  ...[
    'sub/../../etc/passwd',
    '../outside/secret.yaml',
    '/repository',
    '/repository/sub',
    'c.json',
    'sub/a.yaml',
  ],
]
const SECRET = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: secret, namespace: n}\n'
const TEXTS = [
  'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: good, namespace: n}\n',
  'resources: [a.yaml, sub, ../outside, ../outside/secret.yaml, /etc/passwd]\n',
  'components: [sub, ../outside]\npatches: [{path: ../outside/secret.yaml}, {path: b.yml}]\n',
  'resources: [sub]\nconfigMapGenerator: [{name: x, files: [../../etc/passwd]}]\n',
  'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [../a.yaml]\n',
  'apiVersion: v2\nname: c\nversion: 1.0.0\n',
  'charts: [{path: ../outside, values: [/etc/passwd]}]\n',
  'meshRoots: [sub, ../outside]\nexclude: ["*.yml"]\n',
  'mesh: [.., ../outside, /etc/passwd, /dev/zero]\ncases: []\n',
  '{"version": 1, "findings": []}',
  '',
]
const COMMANDS = [
  ['check', '--format', 'json'],
  ['check', '--format', 'json', '--baseline', 'base.json'],
  ['check', '--strict', '--format', 'json', '.', 'sub'],
  ['check', 'a.yaml', 'Chart.yaml'],
  ['check', '--settings', 'a.yaml'],
  ['status', '--format', 'json'],
  ['test', '--format', 'json'],
  ['test', 't.access-test.yaml'],
  ['diff', 'sub', '.', '--format', 'json'],
  ['access', '--to', 'namespace:n', '--format', 'json'],
  ['evaluate', '--requests', 'c.json'],
  ['why', 'c.json'],
  ['compare', 'base.json', '--format', 'json'],
]
/** A manifest with this name is read by `check`. */
const MANIFEST = /\.(ya?ml|json)$/

export const files = {
  name: 'files',
  count: 5_000,
  draw: (random) => ({
    context: { command: random.pick(COMMANDS) },
    parts: Array.from({ length: 1 + random.below(9) }, () => ({
      name: random.pick(NAMES),
      kind: random.pick(['file', 'file', 'file', 'link', 'link', 'other', 'directory']),
      target: random.pick(TARGETS),
      text: random.pick(TEXTS),
    })),
    units: 1,
  }),
  async check({ context: { command }, parts }) {
    const disk = diskOf(parts)
    const ran = await run(disk, command)
    const outside = disk.readPaths.find((path) => !path.startsWith(`${FOLDER}/`))
    if (outside !== undefined) return `${command.join(' ')} reads ${outside}.`
    const text = `${ran.out}\n${ran.errors.join('\n')}`
    if (/name: secret|root:/.test(text)) return `${command.join(' ')} shows a secret.`
    return problemOfOutput(command, ran) ?? passedUnread(disk, command, text)
  },
  show: ({ context, parts }) => JSON.stringify({ context, parts }, undefined, 1),
}

function diskOf(parts) {
  const disk = new LinkedDisk()
  disk.add('/outside/secret.yaml', 'file', SECRET)
  disk.add('/etc/passwd', 'file', 'root:x:0:0')
  for (const device of ['/dev/zero', '/dev/stdin']) disk.add(device, 'other')
  disk.add(`${FOLDER}/keep/keep.yaml`, 'file', TEXTS[0])
  for (const { name, kind, target, text } of parts) {
    const path = `${FOLDER}/${name}`
    // Nothing is below a link or a file.
    const isBelowFile = [...disk.entries].some(
      ([above, entry]) => entry.kind !== 'directory' && path.startsWith(`${above}/`),
    )
    if (isBelowFile) continue
    disk.add(path, kind, kind === 'link' ? target : text)
  }
  return disk
}

/** Where `check` reads a folder, each pipe with the name of a manifest has a notice. */
function passedUnread(disk, command, text) {
  const isWhole = command.length === 3 && !disk.entries.has(`${FOLDER}/.ambient-policy.yaml`)
  if (command[0] !== 'check' || !isWhole || !text.includes('"summary"')) return undefined
  const pipe = [...disk.entries].find(
    ([path, { kind }]) =>
      kind === 'other' &&
      path.startsWith(`${FOLDER}/`) &&
      MANIFEST.test(path) &&
      !/\/\.|access-test/.test(path),
  )
  if (!pipe || text.includes(pipe[0].slice(FOLDER.length + 1))) return undefined
  return `${pipe[0]} is not read, and has no notice.`
}
