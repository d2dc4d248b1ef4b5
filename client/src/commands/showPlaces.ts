import { commands, Uri, type Disposable } from 'vscode'
import type { BaseLanguageClient, Location, Position } from 'vscode-languageclient'
import { SHOW_PLACES_COMMAND } from './commandNames.js'

/** The link of a code lens: shows the objects that its text counts, without leaving the file. */
export function registerShowPlaces(client: BaseLanguageClient): Disposable {
  return commands.registerCommand(
    SHOW_PLACES_COMMAND,
    async (uri: string, position: Position, locations: readonly Location[]) => {
      const { protocol2CodeConverter: convert } = client
      await commands.executeCommand(
        'editor.action.peekLocations',
        Uri.parse(uri, true),
        convert.asPosition(position),
        locations.map((location) => convert.asLocation(location)),
        'peek',
      )
    },
  )
}
