import {
  MESH_VIEW_REQUEST,
  type MeshViewParams,
  type MeshViewResult,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, l10n, window } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { onManifestChange } from '../onManifestChange.js'
import { connectionsView } from '../views/connectionsView.js'
import type { ViewPanel } from '../views/viewPanel.js'
import { SHOW_CONNECTIONS_COMMAND } from './commandNames.js'
import { field } from './requestDraft.js'

type Shown = Required<MeshViewParams>

/**
 * *Show Connections*: shows which clients may call which workloads of a namespace, as a picture and in words.
 * Without an argument, the user chooses the namespace. The picture follows the changes of the files.
 */
export function registerShowConnections(client: BaseLanguageClient, panel: ViewPanel): Disposable {
  let shown: Shown | undefined

  const run = async (value: unknown): Promise<void> => {
    shown = decodeNode(value) ?? (await pickNamespace(client))
    await show(true)
  }

  const show = async (reveal: boolean): Promise<void> => {
    if (!shown) return
    const { items, picture } =
      (await client.sendRequest<MeshViewResult>(MESH_VIEW_REQUEST, shown)) ?? {}
    if (items && picture) panel.show(connectionsView(shown.namespace, items, picture), reveal)
    else if (reveal)
      void window.showInformationMessage(l10n.t('This namespace is no longer in the mesh.'))
  }

  return Disposable.from(
    commands.registerCommand(SHOW_CONNECTIONS_COMMAND, run),
    onManifestChange(() => {
      if (panel.shows('connections')) void show(false)
    }),
  )
}

/** The namespace of a line of the mesh view; undefined if the value is not such a line. */
function decodeNode(value: unknown): Shown | undefined {
  const mesh = field(field(value, 'mesh'), 'id')
  const namespace = field(field(value, 'item'), 'label')
  return typeof mesh === 'string' && typeof namespace === 'string' ? { mesh, namespace } : undefined
}

async function pickNamespace(client: BaseLanguageClient): Promise<Shown | undefined> {
  const { meshes = [] } = (await client.sendRequest<MeshViewResult>(MESH_VIEW_REQUEST, {})) ?? {}
  const items = meshes.flatMap(({ id, name, namespaces }) =>
    namespaces.map((namespace) => ({
      label: namespace.label,
      description: meshes.length > 1 ? `${name} · ${namespace.description}` : namespace.description,
      mesh: id,
    })),
  )
  if (items.length === 0) {
    void window.showInformationMessage(
      l10n.t('There is no mesh to show. Open a folder or a file with Kubernetes manifests.'),
    )
    return undefined
  }
  const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Namespace') })
  return picked && { mesh: picked.mesh, namespace: picked.label }
}
