import { it } from 'vitest'
import fc from 'fast-check'
import { toPlain } from '../node.js'
import { parseYaml } from '../parseYaml.js'
import { applyToPlain, isSameData } from './applyToPlain.js'
import { editDocument } from './editDocument.js'
import type { Operation, PlainValue } from './operation.js'
import { applyTextEdits } from './textEdit.js'
import { runs } from '../../testing/runs.js'

const KEYS = ['name', 'labels', 'spec', 'rules', 'from', 'to', 'istio.io/use-waypoint', 'on', '1']
const scalar = fc.oneof(
  fc.constantFrom(
    'GET',
    '*',
    'true',
    '8080',
    '/api/*',
    'shop/web',
    '',
    'a: b',
    '# x',
    "it's",
    '-',
    '1:30',
    'null',
  ),
  fc.string({ maxLength: 6 }),
  fc.integer({ min: -5, max: 99 }),
  fc.boolean(),
  fc.constant(null),
)
const { value } = fc.letrec<{ value: PlainValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
}))
const object = fc
  .dictionary(fc.constantFrom(...KEYS), value, { minKeys: 2, maxKeys: 5 })
  .map((made) => ({ kind: 'Test', ...made }))

interface Writing {
  readonly step: number
  readonly flush: boolean
  readonly crlf: boolean
  readonly finalNewline: boolean
  /** Comments and flow style where the bit of the running number is set. */
  readonly dice: number
}

const writing = fc.record({
  step: fc.constantFrom(2, 4),
  flush: fc.boolean(),
  crlf: fc.boolean(),
  finalNewline: fc.boolean(),
  dice: fc.integer({ min: 0, max: 0xffffff }),
})

/**
 * Writes data in a style; the tests' own writer, so that nothing is proved with the code that is
 * tested.
 */
function write(data: PlainValue, how: Writing): string {
  let count = 0
  const roll = (): boolean => ((how.dice >> (count++ % 24)) & 1) === 1
  const isBlock = (inner: PlainValue): boolean =>
    typeof inner === 'object' &&
    inner !== null &&
    Object.keys(inner).length > 0 &&
    !(roll() && roll())
  const lines = (inner: PlainValue, indent: number): string[] => {
    const pad = ' '.repeat(indent)
    const out: string[] = []
    if (Array.isArray(inner)) {
      for (const item of inner as PlainValue[]) {
        if (roll() && roll()) out.push(`${pad}# about item ${count}`)
        if (!isBlock(item)) out.push(`${pad}- ${JSON.stringify(item)}`)
        else {
          const [first = '', ...rest] = lines(item, indent + 2)
          if (first.trimStart().startsWith('#')) out.push(`${pad}-`, first, ...rest)
          else out.push(`${pad}- ${first.trimStart()}`, ...rest)
        }
      }
      return out
    }
    for (const [key, item] of Object.entries(inner as Record<string, PlainValue>)) {
      if (roll() && roll()) out.push(`${pad}# about ${key} ${count}`)
      const name = /^(?:on|1)$/.test(key) ? `"${key}"` : key
      const comment = roll() && roll() ? ` # ${count}` : ''
      if (isBlock(item))
        out.push(
          `${pad}${name}:${comment}`,
          ...lines(item, indent + (Array.isArray(item) && how.flush ? 0 : how.step)),
        )
      else out.push(`${pad}${name}: ${JSON.stringify(item)}${comment}`)
    }
    return out
  }
  const eol = how.crlf ? '\r\n' : '\n'
  return lines(data, 0).join(eol) + (how.finalNewline ? eol : '')
}

function paths(
  data: PlainValue,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (typeof data !== 'object' || data === null) return [path]
  const children = Array.isArray(data)
    ? (data as PlainValue[]).map((item, index) => [index, item] as const)
    : Object.entries(data)
  return [path, ...children.flatMap(([segment, item]) => paths(item, [...path, segment]))]
}

const operation = fc.record({
  op: fc.constantFrom('set', 'remove', 'append', 'rename', 'comment'),
  at: fc.nat(),
  tail: fc.array(fc.constantFrom(...KEYS), { maxLength: 2 }),
  value,
  values: fc.array(value, { minLength: 1, maxLength: 2 }),
})

it('an edited document has the data that the operation makes, and other lines are unchanged', () => {
  let done = 0
  fc.assert(
    fc.property(object, writing, operation, (data, how, chosen) => {
      const text = write(data, how)
      const all = paths(data).filter(({ length }) => length > 0)
      const path = all[chosen.at % all.length] ?? []
      const change: Operation =
        chosen.op === 'set'
          ? { op: 'set', path: [...path, ...chosen.tail], value: chosen.value }
          : chosen.op === 'append'
            ? { op: 'append', path: [...path, ...chosen.tail], values: chosen.values }
            : chosen.op === 'remove'
              ? { op: 'remove', path }
              : chosen.op === 'rename'
                ? { op: 'rename', path, to: 'renamed' }
                : { op: 'comment', path, text: 'why' }
      const wanted = applyToPlain(data, change)
      const edits = editDocument(text, change)
      // The document has no anchors: every operation that fits the data can be made.
      if ((edits === undefined) !== (wanted === undefined))
        throw new Error(`${edits ? 'done' : 'refused'}: ${JSON.stringify(change)}\n${text}`)
      if (!edits || wanted === undefined) return
      done++
      const after = applyTextEdits(text, edits)
      const { root, problems } = parseYaml(after)
      if (problems.length > 0 || !root || !isSameData(toPlain(root) as PlainValue, wanted))
        throw new Error(`wrong:\n${after}`)
      if (how.crlf && /[^\r]\n/.test(after)) throw new Error(`line ends:\n${JSON.stringify(after)}`)
      if (/\n$/.test(after) !== how.finalNewline)
        throw new Error(`final newline:\n${JSON.stringify(after)}`)
      // All edits lie between the first and the last line that they touch; the rest is the same by construction. What is in between must be the field's own.
      const kept = text.split(/\r?\n/).filter((line) => !isOwn(line, text, edits))
      const lines = after.split(/\r?\n/)
      let at = 0
      for (const line of kept) {
        at = lines.indexOf(line, at) + 1
        if (at === 0) throw new Error(`lost ${JSON.stringify(line)}:\n${text}\n-- is\n${after}`)
      }
    }),
    { numRuns: runs(400), seed: 7 },
  )
  if (done < runs(200)) throw new Error(`Only ${done} edits were made.`)
})

/** Whether an edit touches a line of this text. */
function isOwn(
  line: string,
  text: string,
  edits: readonly { readonly span: { readonly start: number; readonly end: number } }[],
): boolean {
  return edits.some(({ span }) => {
    const from = text.lastIndexOf('\n', span.start - 1) + 1
    const next = text.indexOf('\n', span.end)
    return text
      .slice(from, next < 0 ? text.length : next)
      .split('\n')
      .map((own) => own.replace('\r', ''))
      .includes(line)
  })
}
