import type { MeshPicture, PictureEdge, PictureNode } from '@istio-ambient-policy/shared'
import type { Drawing } from './drawing.js'
import { edgeInWords, nodeInWords } from './pictureInWords.js'
import { layOutPicture, type Box, type Direction, type Layout } from './layOutPicture.js'

/** Attribute of the parts that can have the focus: `node 3`, `edge 0`. */
const PART = 'data-part'

const VERDICTS = ['allow', 'deny', 'undecided'] as const

/**
 * Draws a picture. The colours are in a style sheet. Each part has a title for screen readers. A proxy that denies has
 * the class `denies`.
 */
export function drawPicture(picture: MeshPicture<unknown>, direction?: Direction): Drawing {
  const layout = layOutPicture(picture, direction)
  const denying = new Set(
    picture.edges.filter(({ verdict }) => verdict === 'deny').map(({ from }) => from),
  )
  const { width, height } = layout
  return {
    tag: 'svg',
    attributes: {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${round(width)} ${round(height)}`,
      width: round(width),
      height: round(height),
      class: 'picture',
      role: 'group',
      'aria-label': picture.title,
    },
    children: [
      { tag: 'defs', attributes: {}, children: VERDICTS.map(arrow) },
      ...picture.edges.map((edge, index) => drawEdge(picture, edge, { index, layout })),
      ...picture.nodes.map((node, index) =>
        drawNode(node, { index, layout, denies: denying.has(node.id) }),
      ),
    ],
  }
}

interface LaidOut {
  readonly index: number
  readonly layout: Layout
}

function arrow(verdict: string): Drawing {
  return {
    tag: 'marker',
    attributes: {
      id: `arrow-${verdict}`,
      viewBox: '0 0 10 10',
      refX: '9',
      refY: '5',
      markerWidth: '7',
      markerHeight: '7',
      orient: 'auto-start-reverse',
    },
    children: [
      { tag: 'path', attributes: { d: 'M 0 0 L 10 5 L 0 10 z', class: `arrow ${verdict}` } },
    ],
  }
}

function drawEdge(
  picture: MeshPicture<unknown>,
  edge: PictureEdge<unknown>,
  { index, layout }: LaidOut,
): Drawing {
  const { points = [], label } = layout.edges[index] ?? {}
  return {
    tag: 'g',
    attributes: part('edge', index, { opens: edge.link !== null, classes: edge.verdict }),
    children: [
      { tag: 'title', attributes: {}, text: edgeInWords(picture, edge) },
      {
        tag: 'path',
        attributes: {
          d: curve(points),
          class: 'line',
          'marker-end': `url(#arrow-${edge.verdict})`,
        },
      },
      ...(label && edge.label !== ''
        ? drawLabel(
            label,
            `${edge.verdict === 'deny' ? '✕ ' : edge.verdict === 'undecided' ? '? ' : ''}${edge.label}`,
          )
        : []),
    ],
  }
}

function drawLabel({ x, y, width, height }: Box, text: string): Drawing[] {
  return [
    {
      tag: 'rect',
      attributes: {
        x: round(x - width / 2),
        y: round(y - height / 2),
        width: round(width),
        height: round(height),
        rx: '3',
        class: 'label-back',
      },
    },
    { tag: 'text', attributes: { x: round(x), y: round(y + 4), class: 'label' }, text },
  ]
}

function drawNode(
  node: PictureNode<unknown>,
  { index, layout, denies }: LaidOut & { readonly denies: boolean },
): Drawing {
  const { x, y, width, height } = layout.nodes[index] ?? { x: 0, y: 0, width: 0, height: 0 }
  return {
    tag: 'g',
    attributes: part('node', index, {
      opens: node.link !== null,
      classes: denies ? `${node.kind} denies` : node.kind,
    }),
    children: [
      { tag: 'title', attributes: {}, text: nodeInWords(node) },
      {
        tag: 'rect',
        attributes: {
          x: round(x - width / 2),
          y: round(y - height / 2),
          width: round(width),
          height: round(height),
          rx: node.kind === 'workload' ? '4' : '12',
          class: 'box',
        },
      },
      {
        tag: 'text',
        attributes: { x: round(x), y: round(y - 3), class: 'name' },
        text: node.title,
      },
      {
        tag: 'text',
        attributes: { x: round(x), y: round(y + 14), class: 'what' },
        text: node.subtitle,
      },
    ],
  }
}

/** A part that opens a file is a button. All parts can have the focus. */
function part(
  type: 'node' | 'edge',
  index: number,
  { opens, classes }: { readonly opens: boolean; readonly classes: string },
): Readonly<Record<string, string>> {
  return {
    class: `${type} ${classes}${opens ? ' opens' : ''}`,
    [PART]: `${type} ${index}`,
    role: opens ? 'button' : 'img',
    tabindex: '0',
  }
}

/** The path through the points, with rounded corners. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  const middle = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point
    const end =
      index === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    return `Q ${round(point.x)} ${round(point.y)} ${round(end.x)} ${round(end.y)}`
  })
  const last = rest[rest.length - 1]
  const straight = last ? `L ${round(last.x)} ${round(last.y)}` : ''
  return `M ${round(first.x)} ${round(first.y)} ${middle.length > 0 ? middle.join(' ') : straight}`
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}
