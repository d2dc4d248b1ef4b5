import type { EvaluateAnswer, EvaluateHop, MeshPicture } from '@istio-ambient-policy/shared'
import { describe, expect, it } from 'vitest'
import { drawingToText, type Drawing } from './drawing.js'
import { drawPicture } from './drawPicture.js'
import { layOutPicture } from './layOutPicture.js'
import { edgeInWords } from './pictureInWords.js'
import { requestPicture } from './requestPicture.js'
import { toMermaid } from './toMermaid.js'
import { toSvgText } from './toSvgText.js'

const HOSTILE = "\"]--><script>alert(1)</script>\u0000 end & 'x'"
const place = {
  uri: 'file:///a.yaml',
  range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } },
}

const PICTURE: MeshPicture<typeof place> = {
  title: HOSTILE,
  nodes: [
    { id: 'a', kind: 'client', title: HOSTILE, subtitle: 'client', link: null },
    { id: 'b', kind: 'waypoint', title: 'shop/waypoint', subtitle: '', link: place },
    { id: 'c', kind: 'workload', title: 'shop/cart', subtitle: HOSTILE, link: null },
  ],
  edges: [
    { from: 'a', to: 'b', label: 'shop/web', verdict: 'allow', why: HOSTILE, link: null },
    { from: 'b', to: 'c', label: HOSTILE, verdict: 'deny', why: 'none allowed', link: place },
    { from: 'b', to: 'c', label: 'again', verdict: 'undecided', why: '', link: null },
  ],
}

const all = (drawing: Drawing): Drawing[] => [drawing, ...(drawing.children ?? []).flatMap(all)]

describe('drawPicture', () => {
  it('all boxes and labels of a picture are inside it and do not overlap', () => {
    const { width, height, nodes, edges } = layOutPicture(PICTURE)
    const boxes = [...nodes, ...edges.map(({ label }) => label)]
    for (const { x, y, width: w, height: h } of boxes) {
      expect(x - w / 2).toBeGreaterThanOrEqual(0)
      expect(y - h / 2).toBeGreaterThanOrEqual(0)
      expect(x + w / 2).toBeLessThanOrEqual(width)
      expect(y + h / 2).toBeLessThanOrEqual(height)
    }
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1))
        expect(
          Math.abs(a.x - b.x) >= (a.width + b.width) / 2 ||
            Math.abs(a.y - b.y) >= (a.height + b.height) / 2,
        ).toBe(true)
    }
  })

  it('each part of a picture has a title, and a part that opens a file is a button', () => {
    const parts = all(drawPicture(PICTURE)).filter(({ attributes }) => 'data-part' in attributes)
    expect(
      parts.map(({ attributes }) => [
        attributes['data-part'],
        attributes['role'],
        attributes['tabindex'],
      ]),
    ).toEqual([
      ['edge 0', 'img', '0'],
      ['edge 1', 'button', '0'],
      ['edge 2', 'img', '0'],
      ['node 0', 'img', '0'],
      ['node 1', 'button', '0'],
      ['node 2', 'img', '0'],
    ])
    expect(
      parts.every(({ children }) => children?.[0]?.tag === 'title' && children[0].text !== ''),
    ).toBe(true)
    expect(
      edgeInWords(PICTURE, {
        from: 'b',
        to: 'c',
        label: 'shop/waypoint',
        verdict: 'deny',
        why: 'no ALLOW rule matched',
        link: null,
      }),
    ).toBe(
      'Waypoint shop/waypoint to Workload shop/cart as shop/waypoint: denied – no ALLOW rule matched',
    )
  })

  it('names with markup become text in SVG and Mermaid', () => {
    const text = toSvgText(PICTURE)
    expect(text).not.toContain('<script')
    expect(text).not.toContain('\u0000')
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(drawingToText({ tag: 'text', attributes: { 'aria-label': '"\'><' }, text: '&<' })).toBe(
      '<text aria-label="&quot;&#39;&gt;&lt;">&amp;&lt;</text>',
    )
    const mermaid = toMermaid(PICTURE).split('\n')
    expect(mermaid.join('\n')).not.toMatch(/<script|"\]--/)
    expect(mermaid).toHaveLength(10)
    expect(mermaid.slice(1, 3)).toEqual([
      'flowchart LR',
      expect.stringMatching(/^ {2}n0\(\["#34;#93;--#62;#60;script#62;.*<br\/>client"\]\)$/),
    ])
    expect(mermaid[8]).toBe('  linkStyle 1 stroke:#c72e2e,color:#c72e2e')
  })
})

describe('requestPicture', () => {
  const hop = (given: Partial<EvaluateHop>): EvaluateHop => ({
    point: 'ztunnel',
    name: 'shop/cart',
    identity: 'cluster.local/ns/shop/sa/web',
    port: 8080,
    verdict: 'allow',
    reason: 'because',
    policy: null,
    rule: null,
    evidence: [],
    inForce: [],
    uri: null,
    range: null,
    ...given,
  })
  const answer = (verdict: EvaluateAnswer['verdict'], ...hops: EvaluateHop[]): EvaluateAnswer => ({
    id: null,
    verdict,
    hops,
    assumptions: [],
    nearestMiss: null,
    findings: [],
  })
  const draft = {
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { kind: 'service' as const, name: 'shop/cart' },
    port: 80,
    http: null,
  }
  const edges = (given: EvaluateAnswer): string[] => {
    const { nodes, edges: found } = requestPicture(draft, given)
    const title = (id: string): string =>
      nodes.map(({ id: one, kind, title: name }) => (one === id ? `${kind} ${name}` : '')).join('')
    return found.map(
      ({ from, to, label, verdict }) => `${title(from)} -> ${title(to)} as ${label}: ${verdict}`,
    )
  }
  const waypoint = hop({ point: 'waypoint', name: 'shop/waypoint', port: 80 })
  const afterWaypoint = hop({ identity: 'cluster.local/ns/shop/sa/waypoint' })

  it('a request goes through the proxies to the pod, and the edge after the denying proxy is denied', () => {
    expect(edges(answer('deny', waypoint, { ...afterWaypoint, verdict: 'deny' }))).toEqual([
      'client shop/web -> waypoint shop/waypoint as shop/web: allow',
      'waypoint shop/waypoint -> ztunnel shop/cart as shop/waypoint: allow',
      'ztunnel shop/cart -> workload shop/cart as shop/waypoint: deny',
    ])
  })

  it('a request that a waypoint denies has no ztunnel hop', () => {
    expect(edges(answer('deny', { ...waypoint, verdict: 'deny' }))).toEqual([
      'client shop/web -> waypoint shop/waypoint as shop/web: allow',
      'waypoint shop/waypoint -> workload shop/cart as shop/web: deny',
    ])
  })

  it('several backends are branches after the waypoint, and a second waypoint is a branch of the client', () => {
    const canary = { ...waypoint, name: 'shop/canary' }
    expect(
      edges(
        answer(
          'undecided',
          waypoint,
          afterWaypoint,
          { ...afterWaypoint, name: 'shop/cart-2' },
          canary,
          afterWaypoint,
        ),
      ).filter((edge) => !edge.includes('-> workload')),
    ).toEqual([
      'client shop/web -> waypoint shop/waypoint as shop/web: allow',
      'waypoint shop/waypoint -> ztunnel shop/cart as shop/waypoint: allow',
      'waypoint shop/waypoint -> ztunnel shop/cart-2 as shop/waypoint: allow',
      'client shop/web -> waypoint shop/canary as shop/web: allow',
      'waypoint shop/canary -> ztunnel shop/cart as shop/waypoint: allow',
    ])
  })

  it('a request without a proxy goes directly from the client to the pod', () => {
    expect(edges(answer('allow'))).toEqual([
      'client shop/web -> workload shop/cart as no identity: allow',
    ])
  })
})
