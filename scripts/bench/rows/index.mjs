import { median, fraction, spread } from '../statistics.mjs'
import { measure } from '../programs.mjs'

/** `yaml` needs minutes for this set. */
const TOO_LARGE_FOR_YAML = 'L'

/**
 * Reading and checking whole workspaces, compared with reading every byte and with `yaml` on everything: without
 * any other work, and with the complete analysis.
 */
export async function index({ sets, runs }) {
  const rows = []
  const wrong = []
  const perDocument = new Map()
  for (const set of sets) {
    const measured = { floor: [], yaml: [], plain: [], index: [] }
    for (let run = 0; run < runs; run++) {
      for (const variant of [
        'floor',
        'index',
        ...(run === 0 && set !== TOO_LARGE_FOR_YAML ? ['yaml', 'plain'] : []),
      ])
        measured[variant].push(await measure(variant, set))
    }
    const of = (variant, key) => measured[variant].map((result) => result[key])
    const [first] = measured.index
    if (new Set(of('index', 'digest')).size > 1) wrong.push(`${set}: findings differ between runs`)
    if (of('plain', 'digest').some((digest) => digest !== first.digest))
      wrong.push(`${set}: findings differ where \`yaml\` reads everything`)
    perDocument.set(set, median(of('index', 'cpu')) / first.documents)
    const over = (key, variant) => of('index', key).map((value) => value / median(of(variant, key)))
    rows.push(
      [
        `cold index ${set} (${first.documents} documents, ${first.resources} objects, ${first.findings} findings): CPU ÷ floor`,
        '≤ 8',
        spread(over('cpu', 'floor'), 1),
      ],
      ...(set === TOO_LARGE_FOR_YAML
        ? []
        : [
            [
              `the same with \`yaml\` on every document, the same findings: CPU ÷ floor`,
              '',
              spread(
                of('plain', 'cpu').map((value) => value / median(of('floor', 'cpu'))),
                0,
              ),
            ],
            [
              `cold index ${set} ÷ the same with \`yaml\` on every document: CPU; wall`,
              '≤ 1/20',
              `${fraction(median(over('cpu', 'plain')))}; ${fraction(median(over('wall', 'plain')))}`,
            ],
            [
              `cold index ${set} ÷ \`yaml\` on every document and nothing else: CPU; wall`,
              '',
              `${fraction(median(over('cpu', 'yaml')))}; ${fraction(median(over('wall', 'yaml')))}`,
            ],
          ]),
      [
        `cold index ${set}: CPU ms; of the wall reading / checking, ms`,
        '',
        `${spread(of('index', 'cpu'), 0)}; ${median(of('index', 'reading')).toFixed(0)} / ${median(of('index', 'checking')).toFixed(0)}`,
      ],
      [`heap per document ${set}, bytes`, '≤ 1 200', spread(of('index', 'heapPerDocument'), 0)],
    )
  }
  const [smallest, ...larger] = perDocument.keys()
  for (const set of larger) {
    const before = set === 'L' && perDocument.has('M') ? 'M' : smallest
    rows.push([
      `CPU per document, ${set} ÷ ${before}`,
      '≤ 1.1',
      (perDocument.get(set) / perDocument.get(before)).toFixed(2),
    ])
  }
  return { rows, wrong }
}
