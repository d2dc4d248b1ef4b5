import { l10n } from 'vscode'
import type { PageWords } from './pageWord.js'

/** The texts of the page of a panel, in the language of the editor. */
export function pageWords(): PageWords {
  return {
    picture: l10n.t('Picture'),
    pictureInWords: l10n.t('The picture in words'),
    pictureKeys: l10n.t(
      'Picture. Arrow keys move between parts, Enter opens a part, plus and minus zoom.',
    ),
    noConnections: l10n.t('There are no connections.'),
    zoom: l10n.t('Zoom'),
    zoomIn: l10n.t('Zoom in'),
    zoomOut: l10n.t('Zoom out'),
    showAll: l10n.t('Show all'),
    actions: l10n.t('Actions'),
    clients: l10n.t('Clients'),
    allowed: l10n.t('allowed'),
    denied: l10n.t('denied'),
    depends: l10n.t('depends on the request, with the number of kinds of requests'),
    // The page fills in the number.
    dependsOnKinds: l10n.t('depends on the request: {0} kinds of requests'),
    undecided: l10n.t('undecided'),
    notEvaluated: l10n.t('not evaluated'),
    filter: l10n.t('Filter'),
    find: l10n.t('Find'),
    findWhat: l10n.t('Client or destination'),
    show: l10n.t('Show'),
    showAllClients: l10n.t('All clients'),
    showOutside: l10n.t('Only clients outside the mesh'),
    showDenied: l10n.t('Only what is denied'),
    showDepends: l10n.t('Only what depends on the request'),
    // The page fills in the numbers.
    shownCounts: l10n.t('{0} of {1} rows, {2} of {3} columns'),
  }
}
