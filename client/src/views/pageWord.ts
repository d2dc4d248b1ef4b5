/** The names of the texts that the page of a panel shows beside its view. */
export const PAGE_WORDS = [
  'picture',
  'pictureInWords',
  'pictureKeys',
  'noConnections',
  'zoom',
  'zoomIn',
  'zoomOut',
  'showAll',
  'actions',
  'clients',
  'allowed',
  'denied',
  'depends',
  'dependsOnKinds',
  'undecided',
  'notEvaluated',
  'filter',
  'find',
  'findWhat',
  'show',
  'showAllClients',
  'showOutside',
  'showDenied',
  'showDepends',
  'shownCounts',
] as const

export type PageWord = (typeof PAGE_WORDS)[number]
export type PageWords = Readonly<Record<PageWord, string>>
