import type { PageMessage, View } from '../src/views/view.js'
import { button, element, section } from './elements.js'
import { detailRegion, showDetail, showMatrix } from './matrix.js'
import { showPicture } from './pictureFrame.js'
import { showNotes, showTable, showWords } from './parts.js'
import { word } from './words.js'

declare function acquireVsCodeApi(): { postMessage(message: PageMessage): void }

const api = acquireVsCodeApi()
const root = document.getElementById('view')

const open = (link: number): void => {
  api.postMessage({ type: 'open', link })
}

const openCell = (row: number, column: number): void => {
  api.postMessage({ type: 'cell', row, column })
}

let shownMatrix: number | undefined

/** Rebuilds the page. The element with the same key keeps the focus. */
function show(view: View): void {
  if (!root) return
  const focused = document.activeElement?.getAttribute('data-key')
  const actions = view.actions.map(({ id, label }) =>
    button(label, () => {
      api.postMessage({ type: 'action', id })
    }),
  )
  const tables = view.tables.map((table) => showTable(table, open))
  const picture = view.picture
    ? [
        section(word('picture'), showPicture(view.picture, open)),
        section(word('pictureInWords'), showWords(view.picture.words, open)),
      ]
    : []
  if (view.matrix && view.matrix.id === shownMatrix) {
    showDetail(view, open)
    return
  }
  shownMatrix = view.matrix?.id
  document.title = view.title
  root.replaceChildren(
    element('h1', { text: view.heading }),
    ...(view.verdict
      ? [
          element('p', {
            text: view.verdict.text,
            class: `verdict ${view.verdict.verdict}`,
            role: 'status',
          }),
        ]
      : []),
    ...(view.lead ?? []).map((text) => element('p', { text })),
    ...(actions.length > 0 ? [actionBar(actions)] : []),
    ...(view.matrix ? [showMatrix(view.matrix, { open, openCell }), detailRegion()] : []),
    ...tables,
    ...picture,
    ...view.notes.filter(({ texts }) => texts.length > 0).map(showNotes),
  )
  if (focused) document.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus()
}

function actionBar(actions: readonly HTMLElement[]): HTMLElement {
  return element(
    'div',
    { class: 'actions', role: 'toolbar', 'aria-label': word('actions') },
    ...actions,
  )
}

/** Only the extension can send messages to the page, and it sends views. */
function isView(value: unknown): value is View {
  return typeof value === 'object' && value !== null && 'kind' in value && 'tables' in value
}

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (isView(data)) show(data)
})
api.postMessage({ type: 'ready' })
