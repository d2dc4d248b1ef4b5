import { DRAWING_TAGS, type Drawing } from '../src/picture/drawing.js'
import type { PictureView } from '../src/views/view.js'
import { button, element } from './elements.js'
import { word } from './words.js'

const SVG = 'http://www.w3.org/2000/svg'
const STEP = 1.25
/** A picture is not shrunk below this scale, except with *Show all*. */
const READABLE = 0.75
const LIMITS = { min: 0.2, max: 5 }

/** The picture with its zoom buttons. Arrow keys move between parts, Enter opens a part, + and - zoom, 0 shows all. */
export function showPicture(
  { drawing, links }: PictureView,
  open: (link: number) => void,
): HTMLElement {
  const svg = draw(drawing)
  const frame = element(
    'div',
    {
      class: 'frame',
      tabindex: '0',
      role: 'group',
      'aria-label': word('pictureKeys'),
    },
    svg,
  )
  const natural = Number(drawing.attributes['width'])
  const height = Number(drawing.attributes['height'])
  let scale = 1
  const zoom = (to: number): void => {
    scale = Math.min(LIMITS.max, Math.max(LIMITS.min, to))
    svg.setAttribute('width', String(natural * scale))
    svg.setAttribute('height', String(height * scale))
  }
  const fit = (): void => {
    zoom(Math.min(1, (frame.clientWidth - 8) / natural))
  }
  const parts = [...svg.querySelectorAll<SVGElement>('[data-part]')]
  const press = (part: SVGElement): void => {
    const link = links[part.getAttribute('data-part') ?? '']
    if (link !== undefined) open(link)
  }
  for (const part of parts) {
    part.addEventListener('click', () => {
      press(part)
    })
  }
  frame.addEventListener('keydown', (event) => {
    const at = parts.findIndex((part) => part === document.activeElement)
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const part = parts[at]
    if (move !== undefined && parts.length > 0)
      parts[(at + move + parts.length) % parts.length]?.focus()
    else if ((event.key === 'Enter' || event.key === ' ') && part) press(part)
    else if (event.key === '+' || event.key === '=') zoom(scale * STEP)
    else if (event.key === '-') zoom(scale / STEP)
    else if (event.key === '0') fit()
    else return
    event.preventDefault()
  })
  frame.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      zoom(event.deltaY < 0 ? scale * STEP : scale / STEP)
    },
    { passive: false },
  )
  requestAnimationFrame(() => {
    fit()
    zoom(Math.max(scale, READABLE))
  })
  const tools = element(
    'div',
    { class: 'actions', role: 'toolbar', 'aria-label': word('zoom') },
    button(word('zoomIn'), () => {
      zoom(scale * STEP)
    }),
    button(word('zoomOut'), () => {
      zoom(scale / STEP)
    }),
    button(word('showAll'), fit),
  )
  return element('div', {}, tools, frame)
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
