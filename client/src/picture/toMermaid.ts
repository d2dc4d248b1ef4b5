import type { MeshPicture, PictureNode } from '@istio-ambient-policy/shared'

/** The picture as a Mermaid flowchart, for Markdown. Refused edges are dashed and red, undecided ones dotted. */
export function toMermaid({ title, nodes, edges }: MeshPicture<unknown>): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]))
  const lines = edges.map(
    ({ from, to, label, verdict }) =>
      `  ${names.get(from) ?? 'x'} ${verdict === 'allow' ? '-->' : '-.->'}|${quote(`${verdict === 'deny' ? '✕ ' : verdict === 'undecided' ? '? ' : ''}${label}`)}| ${names.get(to) ?? 'x'}`,
  )
  const refused = edges.flatMap(({ verdict }, index) => (verdict === 'deny' ? [index] : []))
  return [
    `%% ${quote(title)}`,
    'flowchart LR',
    ...nodes.map((node, index) => `  n${index}${shape(node)}`),
    ...lines,
    ...(refused.length > 0
      ? [`  linkStyle ${refused.join(',')} stroke:#c72e2e,color:#c72e2e`]
      : []),
    '',
  ].join('\n')
}

function shape({ kind, title, subtitle }: PictureNode<unknown>): string {
  const text = quote(subtitle === '' ? title : `${title}<br/>${subtitle}`, true)
  return kind === 'workload'
    ? `[${text}]`
    : kind === 'client' || kind === 'outside'
      ? `([${text}])`
      : `{{${text}}}`
}

/** Names may hold anything; Mermaid takes character codes for what it reads itself. */
function quote(text: string, keepBreak = false): string {
  const escaped = text
    .split('<br/>')
    .map((part) =>
      part
        .replace(/[^\w\s./:,()✕?-]/gu, (char) => `#${char.codePointAt(0) ?? 0};`)
        .replace(/\s+/g, ' '),
    )
  return `"${escaped.join(keepBreak ? '<br/>' : ' ')}"`
}
