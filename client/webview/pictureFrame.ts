import { DRAWING_TAGS, type Drawing } from '../src/picture/drawing.js'
import type { PictureView } from '../src/views/view.js'
import { button, element } from './elements.js'
import { word } from './words.js'

const SVG = 'http://www.w3.org/2000/svg'
const STEP = 1.25
/** Borders of the frame, and room for a scrollbar that appears. */
const FRAME_SPACE = 8
const LIMITS = { min: 0.2, max: 5 }

/**
 * The picture with its zoom buttons. It fits the width of the panel: in a narrow panel it goes from top to bottom. Arrow
 * keys move between parts, Enter opens a part, + and - zoom, 0 shows all.
 */
export function showPicture(
  { drawing, tall, links }: PictureView,
  open: (link: number) => void,
): HTMLElement {
  const frame = element('div', {
    class: 'frame',
    tabindex: '0',
    role: 'group',
    'aria-label': word('pictureKeys'),
  })
  let shown: Shown | undefined
  let scale = 1
  let isZoomed = false
  const zoom = (to: number): void => {
    scale = Math.min(LIMITS.max, Math.max(LIMITS.min, to))
    shown?.svg.setAttribute('width', String(shown.width * scale))
    shown?.svg.setAttribute('height', String(shown.height * scale))
  }
  const zoomBy = (factor: number): void => {
    isZoomed = true
    zoom(scale * factor)
  }
  const fit = (): void => {
    isZoomed = false
    const width = frame.clientWidth - FRAME_SPACE
    if (width <= 0) return
    const fitting = widthOf(drawing) <= width ? drawing : tall
    if (shown?.drawing !== fitting) {
      shown = show(fitting, links, open)
      frame.replaceChildren(shown.svg)
    }
    zoom(Math.min(1, width / shown.width))
  }
  frame.addEventListener('keydown', (event) => {
    const parts = shown?.parts ?? []
    const at = parts.findIndex((part) => part === document.activeElement)
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const part = parts[at]
    if (move !== undefined && parts.length > 0)
      parts[(at + move + parts.length) % parts.length]?.focus()
    else if ((event.key === 'Enter' || event.key === ' ') && part)
      part.dispatchEvent(new Event('click'))
    else if (event.key === '+' || event.key === '=') zoomBy(STEP)
    else if (event.key === '-') zoomBy(1 / STEP)
    else if (event.key === '0') fit()
    else return
    event.preventDefault()
  })
  frame.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      zoomBy(event.deltaY < 0 ? STEP : 1 / STEP)
    },
    { passive: false },
  )
  new ResizeObserver(() => {
    if (!isZoomed) fit()
  }).observe(frame)
  const tools = element(
    'div',
    { class: 'actions', role: 'toolbar', 'aria-label': word('zoom') },
    button(word('zoomIn'), () => {
      zoomBy(STEP)
    }),
    button(word('zoomOut'), () => {
      zoomBy(1 / STEP)
    }),
    button(word('showAll'), fit),
  )
  return element('div', {}, tools, frame)
}

/** A drawing on the page. */
interface Shown {
  readonly drawing: Drawing
  readonly svg: SVGElement
  readonly width: number
  readonly height: number
  readonly parts: readonly SVGElement[]
}

function show(drawing: Drawing, links: PictureView['links'], open: (link: number) => void): Shown {
  const svg = draw(drawing)
  const parts = [...svg.querySelectorAll<SVGElement>('[data-part]')]
  for (const part of parts) {
    const link = links[part.getAttribute('data-part') ?? '']
    if (link !== undefined)
      part.addEventListener('click', () => {
        open(link)
      })
  }
  return {
    drawing,
    svg,
    width: widthOf(drawing),
    height: Number(drawing.attributes['height']),
    parts,
  }
}

function widthOf({ attributes }: Drawing): number {
  return Number(attributes['width'])
}

/** Creates the elements of a drawing: only known tags, no attributes with scripts, and text is never parsed. */
function draw({ tag, attributes, children = [], text }: Drawing): SVGElement {
  const made = document.createElementNS(SVG, DRAWING_TAGS.includes(tag) ? tag : 'g')
  for (const [name, value] of Object.entries(attributes))
    if (!/^on|href|^xmlns|^style$/i.test(name)) made.setAttribute(name, value)
  if (text !== undefined) made.textContent = text
  made.append(...children.map(draw))
  return made
}
