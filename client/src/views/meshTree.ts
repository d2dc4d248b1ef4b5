import {
  MESH_VIEW_REQUEST,
  type MeshSummary,
  type MeshTreeItem,
  type MeshViewResult,
  type PlaceLink,
  type ProblemCounts,
  type Verdict,
} from '@istio-ambient-policy/shared'
import {
  Disposable,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
} from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { onManifestChange } from '../onManifestChange.js'
import { rangeOfLink } from './openLink.js'

type Item = MeshTreeItem<PlaceLink>

/**
 * A line of the tree: a mesh if there are several, or an item of a mesh. `uri` and `to` are the argument of
 * *Evaluate request…*.
 */
export interface MeshNode {
  readonly mesh: MeshSummary
  readonly item: Item | undefined
  readonly uri: string
  readonly to?: NonNullable<Item['target']>
}

const ICONS: Readonly<Record<Item['kind'], string>> = {
  namespace: 'symbol-namespace',
  group: 'circle-slash',
  service: 'globe',
  workload: 'server-process',
  waypoint: 'git-merge',
  policy: 'law',
  verdict: 'shield',
  client: 'account',
}

const VERDICT_ICONS: Readonly<Record<Verdict, ThemeIcon>> = {
  allow: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  deny: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
  undecided: new ThemeIcon('question', new ThemeColor('problemsWarningIcon.foreground')),
}

/**
 * The mesh view: namespaces with their Services and workloads, and for each its waypoint, its policies and its
 * access.
 */
export function registerMeshTree(
  client: BaseLanguageClient,
  whenRead: (act: () => void) => Disposable,
): Disposable {
  const changed = new EventEmitter<undefined>()
  const provider = new MeshTree(client, changed, (errors) => {
    tree.badge =
      errors === 0
        ? undefined
        : { value: errors, tooltip: problemsInWords({ errors, warnings: 0 }) }
  })
  const tree = window.createTreeView('istioAmbientPolicy.mesh', {
    treeDataProvider: provider,
    showCollapseAll: true,
  })
  const refresh = (): void => {
    changed.fire(undefined)
  }
  return Disposable.from(changed, tree, whenRead(refresh), onManifestChange(refresh))
}

class MeshTree implements TreeDataProvider<MeshNode> {
  readonly onDidChangeTreeData
  readonly #client: BaseLanguageClient
  readonly #showErrors: (errors: number) => void

  constructor(
    client: BaseLanguageClient,
    changed: EventEmitter<undefined>,
    showErrors: (errors: number) => void,
  ) {
    this.#client = client
    this.#showErrors = showErrors
    this.onDidChangeTreeData = changed.event
  }

  async getChildren(node?: MeshNode): Promise<MeshNode[]> {
    if (!node) return this.#roots()
    const { mesh, item } = node
    if (!item) return mesh.namespaces.map((namespace) => nodeOf(mesh, namespace))
    if (item.kind !== 'namespace') return item.children.map((child) => nodeOf(mesh, child))
    const result = await this.#client.sendRequest<MeshViewResult>(MESH_VIEW_REQUEST, {
      mesh: mesh.id,
      namespace: item.label,
    })
    return (result?.items ?? []).map((child) => nodeOf(mesh, child))
  }

  getTreeItem({ mesh, item }: MeshNode): TreeItem {
    if (!item) return new TreeItem(mesh.name, TreeItemCollapsibleState.Expanded)
    const { kind, label, description, tooltip, verdict, link, target, children, problems } = item
    const isExpandable = kind === 'namespace' || children.length > 0
    const made = new TreeItem(
      label,
      isExpandable ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
    )
    const found = problemsInWords(problems)
    const shown = [found, description].filter((part) => part !== '').join(' · ')
    made.description = shown
    made.tooltip = [tooltip === '' ? `${label} – ${description}` : tooltip, found]
      .filter((part) => part !== '')
      .join('\n')
    made.iconPath =
      verdict !== null && (kind === 'verdict' || kind === 'client')
        ? VERDICT_ICONS[verdict]
        : new ThemeIcon(ICONS[kind], problemColor(problems))
    made.contextValue = kind === 'namespace' ? 'namespace' : target ? 'target' : kind
    made.accessibilityInformation = { label: `${kind} ${label}, ${shown}` }
    if (link && kind !== 'namespace')
      made.command = {
        title: l10n.t('Open'),
        command: 'vscode.open',
        arguments: [Uri.parse(link.uri, true), { selection: rangeOfLink(link) }],
      }
    return made
  }

  /** The meshes, or the namespaces of the only mesh. */
  async #roots(): Promise<MeshNode[]> {
    if (!this.#client.isRunning()) return []
    const result = await this.#client.sendRequest<MeshViewResult>(MESH_VIEW_REQUEST, {})
    const meshes = result?.meshes ?? []
    const [first] = meshes
    this.#showErrors(
      meshes
        .flatMap(({ namespaces }) => namespaces)
        .reduce((sum, { problems = NO_PROBLEMS }) => sum + problems.errors, 0),
    )
    if (meshes.length === 1 && first)
      return first.namespaces.map((namespace) => nodeOf(first, namespace))
    return meshes.map((mesh) => ({ mesh, item: undefined, uri: mesh.uri }))
  }
}

/** `2 errors, 1 warning`; empty without findings. */
function problemsInWords({ errors, warnings }: ProblemCounts = NO_PROBLEMS): string {
  const counted = [
    ...(errors > 0 ? [errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors)] : []),
    ...(warnings > 0
      ? [warnings === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', warnings)]
      : []),
  ]
  return counted.join(', ')
}

function problemColor({ errors, warnings }: ProblemCounts = NO_PROBLEMS): ThemeColor | undefined {
  if (errors > 0) return new ThemeColor('list.errorForeground')
  return warnings > 0 ? new ThemeColor('list.warningForeground') : undefined
}

const NO_PROBLEMS: ProblemCounts = { errors: 0, warnings: 0 }

function nodeOf(mesh: MeshSummary, item: Item): MeshNode {
  return { mesh, item, uri: mesh.uri, ...(item.target ? { to: item.target } : {}) }
}
