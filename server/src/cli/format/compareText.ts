import { printable } from '@istio-ambient-policy/shared'
import type { CompareReport, ReportedDifference } from '../compareReport.js'
import type { Style } from '../style.js'
import { counted } from './words.js'

const MAX_VALUE = 300
const MAX_NAMES = 5

const PARTS = ['policies', 'workloads', 'services'] as const
const ONE = { policies: 'policy', workloads: 'workload', services: 'service' } as const

/** The differences as text, by part, and a summary. */
export function formatCompareText(report: CompareReport, style: Style): string {
  const blocks = PARTS.flatMap((part) => {
    const differences = report.differences.filter((each) => each.part === part)
    return differences.length === 0
      ? []
      : [
          [style.bold(part), ...differences.flatMap((each) => differenceLines(each, style))].join(
            '\n',
          ),
        ]
  })
  return `${[...blocks, summary(report, style)].join('\n\n')}\n`
}

function differenceLines(difference: ReportedDifference, style: Style): string[] {
  const { namespace, name, kind, field, predicted, actual, file, range, pods } = difference
  const place =
    file === null || range === null
      ? ''
      : ` (${file}:${range.start.line + 1}:${range.start.character + 1})`
  const object = `${style.bold(printable(`${namespace}/${name}`))}${printable(place)}`
  const ofPods = pods.length === 0 ? [] : [`    pods: ${printable(list(pods))}`]
  if (kind === 'only-in-dump')
    return [`  ${object}: ${style.bad('only in ztunnel, not in these files')}`, ...ofPods]
  if (kind === 'only-in-files') return [`  ${object}: ${style.bad('only in these files')}`]
  return [
    `  ${object}: ${printable(field ?? '')}`,
    `    ${style.dim('files:  ')} ${value(predicted)}`,
    `    ${style.dim('ztunnel:')} ${value(actual)}`,
    ...ofPods,
  ]
}

function value(of: unknown): string {
  const text = of === null ? 'none' : JSON.stringify(of)
  return printable(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text)
}

function summary({ differences, compared, notCompared }: CompareReport, style: Style): string {
  const counts = PARTS.flatMap((part) => {
    const count = compared[part]
    return count === undefined ? [] : [count === 1 ? `1 ${ONE[part]}` : `${count} ${part}`]
  })
  const found =
    differences.length === 0
      ? style.good('No differences')
      : style.bad(counted(differences.length, 'difference'))
  const objects = notCompared.reduce((sum, each) => sum + each.objects, 0)
  const names = printable(list(notCompared.map(({ namespace }) => namespace)))
  return [
    `${found}: ${counts.length === 0 ? 'nothing' : counts.join(', ')} compared.`,
    ...(objects === 0
      ? []
      : [
          `Not compared: ${counted(objects, 'object')} of namespaces that no file names: ${names}.`,
        ]),
  ].join('\n')
}

function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMES
  return more > 0 ? `${names.slice(0, MAX_NAMES).join(', ')} and ${more} more` : names.join(', ')
}
