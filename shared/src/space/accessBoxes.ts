import type { AccessRequest } from '../access/request.js'
import { witnessOf, type AccessSpace, type Outcome, type SpacePart } from './accessSpace.js'
import { compareText } from '../text/compareText.js'
import { boxesOf, boxHas, cellsByOutcome, type Box } from './boxes.js'
import type { RequestCell } from './classOf.js'
import type { RequestClass } from './dimension.js'
import { classesInWords } from './words.js'

/** Requests to one destination with the same outcome. */
export interface AccessBox {
  readonly outcome: Outcome
  /** `shop/web`, `any other account of shop`, `clients outside the mesh`, or `every client`. */
  readonly clients: readonly string[]
  /** What the requests have, by dimension: `{"method": ["DELETE"], "path": ["/admin*"]}`. Empty for every request. */
  readonly requests: Readonly<Record<string, readonly string[]>>
  /** The simplest of the requests. */
  readonly witness: AccessRequest
  /** Whether a cell of the space is in the box. */
  has(cell: RequestCell): boolean
}

interface Member {
  readonly index: number
  readonly part: SpacePart
  readonly box: Box
}

/** The boxes of the outcomes that `isWanted`. */
export function accessBoxes(
  space: AccessSpace,
  isWanted: (outcome: Outcome) => boolean,
): AccessBox[] {
  const clients = new ClientWords(space)
  const cells = space.parts.map(cellsByOutcome)
  return space.outcomes.flatMap((outcome, number) => {
    if (!isWanted(outcome)) return []
    const members = space.parts.flatMap((part, index) =>
      boxesOf(part, cells[index]?.get(number) ?? []).map((box): Member => ({ index, part, box })),
    )
    return joined(space, members).map((group) => describe(space, outcome, group, clients))
  })
}

/** Boxes of several parts with the same requests, or with the same clients for HTTP and TCP, are one. */
function joined(space: AccessSpace, members: readonly Member[]): Member[][] {
  const forms = groups(members, (member) =>
    isAnyHttp(member) ? `${clientKey(member)} ${addressKey(member)}` : undefined,
  )
  return groups(forms, (group) => {
    const form = group.length > 1 ? 'any' : group[0]?.part.form
    return JSON.stringify([space.parts.length > 1 ? form : '', requestsOf(group)])
  }).map((each) => each.flat())
}

/** Items with equal keys together; an item without a key is alone. */
function groups<T>(items: readonly T[], keyOf: (item: T) => string | undefined): T[][] {
  const found = new Map<string, T[]>()
  const alone: T[][] = []
  for (const item of items) {
    const key = keyOf(item)
    const known = key === undefined ? undefined : found.get(key)
    if (known) known.push(item)
    else {
      const group = [item]
      if (key === undefined) alone.push(group)
      else found.set(key, group)
      if (key !== undefined) alone.push(group)
    }
  }
  return alone
}

/** Whether a box has every HTTP request of its clients, or every TCP connection. */
function isAnyHttp({ part, box }: Member): boolean {
  return part.dimensions.every(
    ({ name, classes, isPartial }, index) =>
      name === 'client' ||
      name === 'address' ||
      (box[index]?.length === classes.length && isPartial !== true),
  )
}

function clientKey({ part, box }: Member): string {
  const client = part.dimensions[0]
  return [...part.ways, ...(box[0] ?? []).map((index) => client?.classes[index]?.vector)].join('|')
}

function addressKey({ part, box }: Member): string {
  const index = part.dimensions.findIndex(({ name }) => name === 'address')
  const dimension = part.dimensions[index]
  return dimension ? (classesInWords(dimension, box[index] ?? [])?.join() ?? '') : ''
}

function requestsOf(members: readonly Member[]): Record<string, readonly string[]> {
  const [first] = members
  if (!first) return {}
  const { part, box } = first
  const words = part.dimensions.flatMap((dimension, index): [string, readonly string[]][] => {
    if (dimension.name === 'client') return []
    const chosen = classesInWords(dimension, box[index] ?? [])
    return chosen ? [[dimension.name, chosen]] : []
  })
  const isBoth = members.some((member) => member.part.form !== part.form)
  const needsForm = part.form !== 'any' && !isBoth
  const restricted = words.some(([name]) => name !== 'address')
  if (part.form === 'tcp' && needsForm) words.unshift(['protocol', ['plain TCP']])
  else if (needsForm && !restricted && part.hasOtherForm) words.unshift(['protocol', ['HTTP']])
  return Object.fromEntries(words)
}

function describe(
  space: AccessSpace,
  outcome: Outcome,
  members: readonly Member[],
  clients: ClientWords,
): AccessBox {
  const witnesses = members.map(({ part, box }) =>
    witnessOf(
      part,
      space.target,
      box.map(([first = 0]) => first),
    ),
  )
  const [simplest] = [...witnesses].sort((a, b) => sizeOf(a) - sizeOf(b))
  if (!simplest) throw new Error('A box has at least one member.')
  return {
    outcome,
    clients: clients.of(members),
    requests: requestsOf(members),
    witness: simplest,
    has: ({ part, classes }) =>
      members.some((member) => member.index === part && boxHas(member.box, classes)),
  }
}

/** Accounts before clients without one, and short requests before long ones. */
function sizeOf({ from, http }: AccessRequest): number {
  return (
    (from.namespace === undefined ? 1_000 : 0) +
    (from.trustDomain === undefined ? 0 : 2_000) +
    JSON.stringify(http ?? '').length
  )
}

/** The words for the clients of boxes. The classes of all clients are counted once for a space. */
class ClientWords {
  readonly #count: number
  readonly #countOfGroup: ReadonlyMap<string | undefined, number>

  constructor({ parts }: AccessSpace) {
    const all = clientClasses(
      parts.map((part) => ({ part, chosen: [...(part.dimensions[0]?.classes.keys() ?? [])] })),
    )
    this.#count = all.size
    this.#countOfGroup = countByGroup(all)
  }

  of(members: readonly Member[]): string[] {
    const chosen = clientClasses(members.map(({ part, box }) => ({ part, chosen: box[0] ?? [] })))
    const isNamed = this.#count === (this.#countOfGroup.get(undefined) ?? 0)
    if (chosen.size === this.#count && !isNamed) return ['every client']
    const counts = countByGroup(chosen)
    const words = [...chosen.values()].map(({ group, words: own }) =>
      group === undefined || counts.get(group) !== this.#countOfGroup.get(group) ? own : group,
    )
    return [...new Set(words)].sort(accountsFirst)
  }
}

function countByGroup(classes: ReadonlyMap<string, RequestClass>): Map<string | undefined, number> {
  const counts = new Map<string | undefined, number>()
  for (const { group } of classes.values()) counts.set(group, (counts.get(group) ?? 0) + 1)
  return counts
}

/** Named accounts, then the others. */
function accountsFirst(a: string, b: string): number {
  return Number(a.includes(' ')) - Number(b.includes(' ')) || compareText(a, b)
}

/** The classes of clients of some parts, by what identifies them in all parts. */
function clientClasses(
  parts: readonly { readonly part: SpacePart; readonly chosen: readonly number[] }[],
): Map<string, RequestClass> {
  return new Map(
    parts.flatMap(({ part, chosen }) =>
      chosen.flatMap((index) => {
        const each = part.dimensions[0]?.classes[index]
        return each ? [[`${[...part.ways].join()} ${each.vector}`, each] as const] : []
      }),
    ),
  )
}
