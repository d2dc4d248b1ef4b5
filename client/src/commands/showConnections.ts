import {
  ACCESS_MATRIX_REQUEST,
  ACCESS_REQUEST,
  MESH_VIEW_REQUEST,
  type AccessMatrixResult,
  type AccessParams,
  type AccessResult,
  type MeshViewParams,
  type MeshViewResult,
  type RequestTarget,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, l10n, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { onManifestChange } from '../onManifestChange.js'
import { Links } from '../views/links.js'
import { inGroups, type Matrix } from '../views/matrixGroups.js'
import { cellDetail, matrixToCsv, matrixView } from '../views/matrixView.js'
import { pictureActions } from '../views/picturePart.js'
import type { PanelContent, ViewPanel } from '../views/viewPanel.js'
import { SHOW_CONNECTIONS_COMMAND } from './commandNames.js'
import { field } from './requestDraft.js'

/** Without a namespace: the whole mesh. */
type Shown = Required<Pick<MeshViewParams, 'mesh'>> & Pick<MeshViewParams, 'namespace'>

/**
 * *Show Access Matrix*: shows which clients can reach which destinations of a namespace, over all requests. Without an
 * argument, the user chooses the namespace. The matrix follows the changes of the files.
 */
export function registerShowConnections(client: BaseLanguageClient, panel: ViewPanel): Disposable {
  let shown: Shown | undefined

  const run = async (value: unknown): Promise<void> => {
    shown = decodeNode(value) ?? (await pickNamespace(client))
    if (!shown) return
    await panel.show(async () => {
      const content = await answer()
      if (!content)
        void window.showInformationMessage(l10n.t('This namespace is no longer in the mesh.'))
      return content
    })
  }

  const answer = async (): Promise<PanelContent | undefined> => {
    if (!shown) return undefined
    const requested = shown
    const matrix = await window.withProgress(
      { location: { viewId: 'istioAmbientPolicy.mesh' } },
      () => client.sendRequest<AccessMatrixResult>(ACCESS_MATRIX_REQUEST, requested),
    )
    return matrix ? contentOf(requested, inGroups(matrix)) : undefined
  }

  const contentOf = (requested: Shown, matrix: Matrix): PanelContent => {
    const links = new Links()
    const view = matrixView(requested.namespace, matrix, links)
    const content: PanelContent = {
      view,
      places: links.places,
      picture: async () => {
        if (requested.namespace === undefined) return undefined
        return (await client.sendRequest<MeshViewResult>(MESH_VIEW_REQUEST, requested))?.picture
      },
      actions: { ...pictureActions(), csv: () => openText(matrixToCsv(matrix)) },
      openCell: async (row, column) => {
        const to = matrix.targets[column]
        const from = matrix.rows[row]?.from
        const [rowHeader, columnHeader] = [view.matrix?.rows[row], view.matrix?.columns[column]]
        if (!to || !from || !rowHeader || !columnHeader) return
        const params: AccessParams = {
          textDocument: { uri: matrix.uri },
          to: objectOf(to),
          from,
        }
        const result = await client.sendRequest<AccessResult>(ACCESS_REQUEST, params)
        if (result)
          panel.update(content, {
            detail: cellDetail(rowHeader, columnHeader, result, {
              links,
              uri: matrix.uri,
            }),
          })
      },
    }
    return content
  }

  return Disposable.from(
    commands.registerCommand(SHOW_CONNECTIONS_COMMAND, run),
    onManifestChange(() => {
      void panel.follow('connections', answer)
    }),
  )
}

async function openText(content: string): Promise<void> {
  await window.showTextDocument(
    await workspace.openTextDocument({ language: 'plaintext', content }),
  )
}

function objectOf(target: RequestTarget): AccessParams['to'] {
  const { port } = target
  if ('service' in target) return { kind: 'service', name: target.service, port }
  return 'workload' in target
    ? { kind: 'workload', name: target.workload, port }
    : { kind: 'host', name: target.host, port }
}

/** The namespace of a line of the mesh view; undefined if the value is not such a line. */
function decodeNode(value: unknown): Shown | undefined {
  const mesh = field(field(value, 'mesh'), 'id')
  const namespace = field(field(value, 'item'), 'label')
  return typeof mesh === 'string' && typeof namespace === 'string' ? { mesh, namespace } : undefined
}

async function pickNamespace(client: BaseLanguageClient): Promise<Shown | undefined> {
  const { meshes = [] } = (await client.sendRequest<MeshViewResult>(MESH_VIEW_REQUEST, {})) ?? {}
  const items = meshes.flatMap(({ id, name, namespaces }) => {
    const where = meshes.length > 1 ? `${name} · ` : ''
    return [
      ...namespaces.map(({ label, description }) => ({
        label,
        description: `${where}${description}`,
        shown: { mesh: id, namespace: label },
      })),
      { label: l10n.t('All namespaces'), description: where, shown: { mesh: id } },
    ]
  })
  if (meshes.length === 0) {
    void window.showInformationMessage(
      l10n.t('There is no mesh to show. Open a folder or a file with Kubernetes manifests.'),
    )
    return undefined
  }
  const picked = await window.showQuickPick(items, {
    placeHolder: l10n.t('Namespace'),
    ignoreFocusOut: true,
  })
  return picked?.shown
}
