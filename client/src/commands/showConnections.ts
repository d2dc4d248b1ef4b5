import {
  MESH_VIEW_REQUEST,
  type MeshViewParams,
  type MeshViewResult,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, window } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { whenMeshChanges } from '../whenMeshChanges.js'
import { connectionsView } from '../views/connectionsView.js'
import type { ViewPanel } from '../views/viewPanel.js'
import { SHOW_CONNECTIONS_COMMAND } from './commandNames.js'
import { field } from './requestDraft.js'

type Shown = Required<MeshViewParams>

/** *Show connections*: who reaches what in a namespace, as a picture and in words; asks for the namespace where it is not said. Shown anew while the files change. */
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
    else if (reveal) void window.showInformationMessage('This namespace is in no mesh any more.')
  }

  return Disposable.from(
    commands.registerCommand(SHOW_CONNECTIONS_COMMAND, run),
    whenMeshChanges(() => {
      if (panel.shows('connections')) void show(false)
    }),
  )
}

/** A namespace of the mesh view. */
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
      'There is no mesh here: open a folder or a file with Kubernetes manifests.',
    )
    return undefined
  }
  const picked = await window.showQuickPick(items, {
    placeHolder: 'Connections of which namespace?',
  })
  return picked && { mesh: picked.mesh, namespace: picked.label }
}
