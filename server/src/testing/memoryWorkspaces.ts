import {
  mergeSettings,
  SplitText,
  type Analysis,
  type Settings,
} from '@istio-ambient-policy/shared'
import { Files } from '../files.js'
import { HostError, type Host } from '../host.js'
import { Sources } from '../workspace/sources.js'
import { Workspaces } from '../workspace/workspaces.js'
import { editorFixture } from './editorFixture.js'

/** Workspaces on files in memory. `published` has the names of the published files. */
export function workspacesOf(
  files: Record<string, string>,
  settings: Partial<Settings> = {},
  options: {
    /** The files with diagnostics. */
    readonly diagnosed?: readonly string[]
    /** Called before the files of a folder are read. */
    readonly onReading?: () => void
    readonly pointingInto?: (file: string) => string[]
    /** Called before the findings of a file that is read are published. */
    readonly onPublish?: (file: string) => void
    readonly workLimit?: number
  } = {},
) {
  const published: string[] = []
  const unread: string[] = []
  const log: string[] = []
  const addToLog = (message: string): void => void log.push(message)
  const sources = new Sources((file) => files[file])
  const workspaces = new Workspaces({
    files: new Files({ local: hostOf(files), client: undefined }),
    log: { info: addToLog, warn: addToLog, error: addToLog },
    sources,
    workLimit: options.workLimit,
    loadSettings: () => Promise.resolve(mergeSettings(settings)),
    beginReading: () => {
      options.onReading?.()
      return { report: () => undefined, end: () => undefined }
    },
    diagnostics: {
      publish: (file: string, analyses: readonly Analysis[], why?: string) => {
        if (why !== undefined) unread.push(`${file}: ${why}`)
        else options.onPublish?.(file)
        for (const analysis of analyses) analysis.findingsOf(file)
        published.push(file)
      },
      files: () => options.diagnosed ?? [],
      pointingInto: options.pointingInto ?? (() => []),
    },
    onFolderLoaded: () => undefined,
    onMeshChanged: () => undefined,
  })
  const open = (
    file: string,
  ): { version: number; text: string; uri: string; readonly split: SplitText } => {
    const document = {
      uri: file,
      version: 1,
      text: files[file] ?? '',
      get split() {
        return SplitText.of(document.text)
      },
    }
    sources.open(file, document)
    workspaces.edit(file)
    return document
  }
  return { workspaces, sources, published, unread, log, open }
}

function hostOf(files: Readonly<Record<string, string>>): Host {
  const names = Object.keys(files)
  return {
    kindOf: (path) => (path in files ? 'file' : 'directory'),
    realPath: (path) => path,
    readDirectory: (path) => {
      const below = names
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1).split('/'))
      return [
        ...new Map(
          below.map(([name = '', ...rest]) => [
            name,
            { name, kind: rest.length > 0 ? ('directory' as const) : ('file' as const) },
          ]),
        ).values(),
      ]
    },
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw new HostError('does not exist', true)
      return new TextEncoder().encode(text)
    },
  }
}

export const POLICY = (index: number): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: policy-${index}
  namespace: bookinfo
spec:
  selector:
    matchLabels:
      app: app-${index}
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`

/** The editor fixture in `/mesh`, and 200 policies in 20 files of `/mesh/many`. */
export function manyPolicies(): Record<string, string> {
  const files = Object.fromEntries(
    Object.entries(editorFixture()).map(([name, text]) => [`/mesh/${name}`, text]),
  )
  for (let file = 0; file < 20; file++)
    files[`/mesh/many/${file}.yaml`] = Array.from({ length: 10 }, (_, index) =>
      POLICY(file * 10 + index),
    ).join('---\n')
  return files
}
