import type { MeshPicture, PictureNode } from '@istio-ambient-policy/shared'

/** The picture as a Mermaid flowchart, for Markdown. Denied edges are dashed and red, undecided edges are dashed. */
export function toMermaid({ title, nodes, edges }: MeshPicture<unknown>): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]))
  const lines = edges.map(({ from, to, label, verdict }) => {
    const arrow = verdict === 'allow' ? '-->' : '-.->'
    const mark = { allow: '', deny: '✕ ', undecided: '? ' }[verdict]
    return `  ${names.get(from) ?? 'x'} ${arrow}|${quote(mark + label)}| ${names.get(to) ?? 'x'}`
  })
  const denied = edges.flatMap(({ verdict }, index) => (verdict === 'deny' ? [index] : []))
  return [
    `%% ${quote(title)}`,
    'flowchart LR',
    ...nodes.map((node, index) => `  n${index}${shape(node)}`),
    ...lines,
    ...(denied.length > 0 ? [`  linkStyle ${denied.join(',')} stroke:#c72e2e,color:#c72e2e`] : []),
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

/** A text in quotes. Characters that have a meaning in Mermaid become character codes. */
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
