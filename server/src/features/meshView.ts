import {
  connectionsPicture,
  MESH_VIEW_REQUEST,
  namespaceItems,
  namespaceTree,
  type Analysis,
  type MeshPicture,
  type MeshSummary,
  type MeshTreeItem,
  type MeshViewParams,
  type MeshViewResult,
  type PlaceLink,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { describeError } from '../log.js'
import { add, byAttention, MeshProblems, NO_PROBLEMS } from './meshProblems.js'
import type { ServerContext } from './serverContext.js'

/** `istioAmbientPolicy/meshView`: the meshes of the workspace, or the content of a namespace. */
export function registerMeshView(connection: Connection, context: ServerContext): void {
  connection.onRequest<MeshViewResult, undefined>(
    MESH_VIEW_REQUEST,
    ({ mesh, namespace }: MeshViewParams): MeshViewResult => {
      try {
        return context.workspaces.runWithinLimit(undefined, () => {
          const meshes = meshesOf(context)
          if (mesh === undefined || namespace === undefined)
            return { meshes: meshes.map((one) => summaryOf(one, context)) }
          const found = meshes.find(({ id }) => id === mesh)
          return found ? namespaceView(found.analysis, namespace, context) : null
        })
      } catch (error) {
        context.log.error(`mesh view failed: ${describeError(error)}`)
        return null
      }
    },
  )
}

export interface MeshOfFolder {
  readonly id: string
  readonly name: string
  readonly analysis: Analysis
}

/**
 * All meshes with their names: the name of the folder, or, if it has several meshes, the common folder of their
 * files.
 */
export function meshesOf({ workspaces }: ServerContext): MeshOfFolder[] {
  return workspaces.folders.flatMap((workspaceFolder) => {
    const { folder } = workspaceFolder
    const all = workspaceFolder
      .analyses()
      .filter(({ files, mentionsIstio }) => files.size > 0 && mentionsIstio)
    return all.map((analysis, index): MeshOfFolder => ({
      id: JSON.stringify([folder, index]),
      name:
        all.length === 1
          ? lastOf(folder)
          : commonFolder([...analysis.files.keys()]).slice(folder.lastIndexOf('/') + 1),
      analysis,
    }))
  })
}

function summaryOf({ id, name, analysis }: MeshOfFolder, context: ServerContext): MeshSummary {
  const [file = ''] = analysis.files.keys()
  const linked = { link: linker(analysis, context), problems: new MeshProblems(analysis) }
  return {
    id,
    name,
    uri: context.diagnostics.uriOf(file),
    namespaces: byAttention(
      context
        .closedMesh(analysis)
        .mesh.get(namespaceItems, '')
        .map((item) => ({
          ...linkItem(item, linked),
          problems: linked.problems.ofNamespace(item.label),
        })),
    ),
  }
}

function namespaceView(
  analysis: Analysis,
  namespace: string,
  context: ServerContext,
): MeshViewResult {
  const { mesh } = context.closedMesh(analysis)
  const linked = linker(analysis, context)
  return {
    items: byAttention(
      mesh
        .get(namespaceTree, namespace)
        .map((item) => linkItem(item, { link: linked, problems: new MeshProblems(analysis) })),
    ),
    picture: linkPicture(mesh.get(connectionsPicture, namespace), linked),
  }
}

export type Linker = (resource: Resource | null) => PlaceLink | null

export function linker(analysis: Analysis, { diagnostics }: ServerContext): Linker {
  return (resource) => {
    const place =
      resource &&
      analysis.locate({ kind: 'field', resource, path: ['metadata', 'name'], on: 'value' })
    return place ? { uri: diagnostics.uriOf(place.file), range: place.range } : null
  }
}

function linkItem(
  { link, children, ...rest }: MeshTreeItem<Resource>,
  linked: { readonly link: Linker; readonly problems: MeshProblems },
): MeshTreeItem<PlaceLink> {
  const items = children.map((child) => linkItem(child, linked))
  const problems = items.reduce(
    (sum, child) => add(sum, child.problems ?? NO_PROBLEMS),
    linked.problems.ofObject(link),
  )
  return { ...rest, link: linked.link(link), children: items, problems }
}

function linkPicture(
  { title, nodes, edges }: MeshPicture<Resource>,
  linked: Linker,
): MeshPicture<PlaceLink> {
  return {
    title,
    nodes: nodes.map((node) => ({ ...node, link: linked(node.link) })),
    edges: edges.map((edge) => ({ ...edge, link: linked(edge.link) })),
  }
}

function commonFolder([first = '', ...others]: readonly string[]): string {
  const parts = first.split('/').slice(0, -1)
  const common = others.reduce((length, file) => {
    const other = file.split('/')
    const differs = parts.slice(0, length).findIndex((part, index) => part !== other[index])
    return differs < 0 ? length : differs
  }, parts.length)
  return parts.slice(0, common).join('/')
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
