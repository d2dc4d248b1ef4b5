import type { MeshPicture } from '@istio-ambient-policy/shared'
import { commands, Disposable, l10n, window, workspace } from 'vscode'
import { toMermaid } from '../picture/toMermaid.js'
import { toSvgText } from '../picture/toSvgText.js'
import type { ViewPanel } from '../views/viewPanel.js'
import { EXPORT_MERMAID_COMMAND, EXPORT_SVG_COMMAND } from './commandNames.js'

/** *Export Picture*: opens the picture of the panel as an unsaved document. */
export function registerExportPicture(panel: ViewPanel): Disposable {
  const command = (
    name: string,
    language: string,
    write: (picture: MeshPicture<unknown>) => string,
  ): Disposable =>
    commands.registerCommand(name, async () => {
      const picture = await panel.picture()
      if (!picture) {
        void window.showInformationMessage(
          l10n.t(
            'There is no picture to export. Evaluate a request, or show the access matrix of a namespace.',
          ),
        )
        return
      }
      await window.showTextDocument(
        await workspace.openTextDocument({ language, content: write(picture) }),
      )
    })
  return Disposable.from(
    command(EXPORT_SVG_COMMAND, 'xml', toSvgText),
    command(
      EXPORT_MERMAID_COMMAND,
      'markdown',
      (picture) => `\`\`\`mermaid\n${toMermaid(picture)}\`\`\`\n`,
    ),
  )
}
