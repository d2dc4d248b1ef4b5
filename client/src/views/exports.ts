import { l10n } from 'vscode'
import { EXPORT_MERMAID_COMMAND, EXPORT_SVG_COMMAND } from '../commands/commandNames.js'
import type { View } from './view.js'

/** The buttons of each page with a picture. */
export const EXPORTS: View['actions'] = [
  { id: EXPORT_SVG_COMMAND, label: l10n.t('Export as SVG') },
  { id: EXPORT_MERMAID_COMMAND, label: l10n.t('Export as Mermaid') },
]
