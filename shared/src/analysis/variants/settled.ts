import { keys } from '../../inventory/indexKeys.js'
import { alternativesOf, type Alternatives, type Dispute } from '../../mesh/alternatives.js'
import { query, type Mesh, type MeshQuery } from '../../mesh/mesh.js'
import type { Resource } from '../../resources/resource.js'
import { inOrder } from '../../text/inOrder.js'
import { duplicateDefinition } from '../../rules/validation/duplicate-definition.js'
import { LEVELS, withChanges, type Finding } from '../../rules/finding.js'
import { INTERNAL_ERROR, judge } from '../judge.js'
import { ALL_RULES } from '../../rules/registry.js'
import { runRule, type Rule } from '../../rules/rule.js'
import { groupBy } from '../../text/collections.js'

/** Combinations of choices that are all looked at; of more only those in which each choice is once. */
const MOST_COMBINATIONS = 16

/**
 * The findings about one object that hold whichever variants of the others are in the cluster, and whichever of several installs (docs/knowledge.md §6, §7). An
 * object that is a variant itself is judged as the one that is there.
 */
export const settled = query(
  'settled',
  (mesh, subject: Resource): readonly Finding[] => {
    const found = judge(mesh, subject)
    const alternatives = alternativesOf(mesh)
    const verifier = alternatives.none ? undefined : new Verifier(mesh, alternatives, subject)
    // Facts that are the same in the mesh of all variants at once may differ in one that comes.
    if (verifier?.isOwn === true || found.some(({ rule }) => RUNS.has(rule)))
      mesh.dependOn([keys.disputes()])
    if (!verifier) return found
    // Where who an object is, or what its Namespace says, is disputed, the mesh of all variants at once says less than holds in each.
    const candidates = verifier.isOwn
      ? [...verifier.inOne(JUDGED), ...found.filter(isOfVariants)].sort((a, b) =>
          inOrder(a.rule, b.rule),
        )
      : found
    return [...byRule(candidates)].flatMap(([rule, findings]) => {
      const asked = RUNS.get(rule)
      return asked
        ? verifier.verify(
            asked,
            findings.map((finding) => ({
              finding,
              all: found.find((other) => other.rule === rule && isSamePlace(other, finding)),
            })),
          )
        : findings
    })
  },
  { lazy: true },
)

/** What all rules say, of a mesh that is one of several. */
const JUDGED = query('judged', judge, { lazy: true })

/** Speaks of the variants as such. */
function isOfVariants({ rule }: Finding): boolean {
  return rule === duplicateDefinition.name
}

/** Each rule that asks the mesh as a query of its own: what is disputed for one is nothing to the others. */
const RUNS: ReadonlyMap<string, MeshQuery<Resource, readonly Finding[]>> = new Map(
  ALL_RULES.filter(({ name, reads }) => reads.length > 0 && name !== duplicateDefinition.name).map(
    (rule) => [rule.name, runOf(rule)],
  ),
)

/** A crash is what `judge` makes of it. */
function runOf(rule: Rule): MeshQuery<Resource, readonly Finding[]> {
  return query(
    `run ${rule.name}`,
    (mesh, subject: Resource) => {
      try {
        return runRule(rule, subject, mesh)
      } catch {
        return judge(mesh, subject).filter((finding) => finding.rule === INTERNAL_ERROR)
      }
    },
    { lazy: true },
  )
}

function byRule(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  return groupBy(findings, ({ rule }) => rule)
}

interface Look {
  readonly findings: readonly Finding[]
  readonly touched: readonly Dispute[]
}

interface Candidate {
  readonly finding: Finding
  /** The same in the mesh of all variants at once, where it is. */
  readonly all: Finding | undefined
}

/** Looks at one object in the alternatives of its mesh. */
class Verifier {
  readonly isOwn: boolean
  readonly #mesh: Mesh
  readonly #alternatives: Alternatives
  readonly #subject: Resource
  readonly #own: ReadonlyMap<Dispute, number>
  /** The choice with which to begin: the object's own, so that most objects are looked at in the same meshes. */
  readonly #start: number

  constructor(mesh: Mesh, alternatives: Alternatives, subject: Resource) {
    this.#mesh = mesh
    this.#alternatives = alternatives
    this.#subject = subject
    const dispute = alternatives.disputeOf(subject)
    this.#start = dispute?.choices.findIndex((choice) => choice.includes(subject)) ?? 0
    this.#own = new Map(dispute ? [[dispute, this.#start]] : [])
    this.isOwn =
      dispute !== undefined ||
      alternatives.touches(keys.named('Namespace', '', subject.namespace)).length > 0
  }

  /** What holds in the first alternative. */
  inOne(asked: MeshQuery<Resource, readonly Finding[]>): readonly Finding[] {
    return this.#look(asked, this.#start).findings
  }

  /** The candidates that there are in every alternative. */
  verify(
    asked: MeshQuery<Resource, readonly Finding[]>,
    candidates: readonly Candidate[],
  ): readonly Finding[] {
    const first = this.#look(asked, this.#start)
    const touched = new Set(first.touched)
    if (touched.size === 0) return candidates.map(({ finding }) => finding)
    const crashes: Finding[] = []
    let held = candidates.map(({ finding, all }) => ({
      finding,
      all,
      there: [] as readonly Finding[],
    }))
    const narrow = ({ findings, touched: more }: Look): void => {
      for (const dispute of more) touched.add(dispute)
      crashes.push(...findings.filter(({ rule }) => rule === INTERNAL_ERROR))
      held = held.flatMap((candidate) => {
        const same = sameIn(findings, candidate.finding)
        return same ? [{ ...candidate, there: [...candidate.there, same] }] : []
      })
    }
    narrow(first)
    for (let choice = 1; held.length > 0 && choice < mostChoices(touched); choice++)
      narrow(this.#look(asked, this.#start + choice))
    for (const fixed of held.length > 0 ? combinations([...touched]) : [])
      if (held.length > 0) narrow(this.#look(asked, 0, fixed))
    return [
      ...crashes.slice(0, 1),
      ...held.flatMap(({ finding, all, there }) => inCommonWords(finding, all, there)),
    ]
  }

  /** What is found in one alternative, and what of that is disputed beside the object itself. */
  #look(
    asked: MeshQuery<Resource, readonly Finding[]>,
    number: number,
    fixed?: ReadonlyMap<Dispute, number>,
  ): Look {
    const world = this.#alternatives.mesh(number, new Map([...(fixed ?? []), ...this.#own]))
    const findings = world.get(asked, this.#subject)
    const read = world.keysOf(asked, this.#subject)
    this.#mesh.dependOn(read)
    return {
      findings,
      touched: [...read]
        .flatMap((key) => this.#alternatives.touches(key))
        .filter((dispute) => !this.#own.has(dispute)),
    }
  }
}

function mostChoices(disputes: ReadonlySet<Dispute>): number {
  return Math.max(...[...disputes].map(({ choices }) => choices.length))
}

/** Every combination of choices where they are few; none of a single dispute, whose choices have been looked at. */
function combinations(disputes: readonly Dispute[]): ReadonlyMap<Dispute, number>[] {
  const count = disputes.reduce((product, { choices }) => product * choices.length, 1)
  if (disputes.length < 2 || count > MOST_COMBINATIONS) return []
  return disputes.reduce<ReadonlyMap<Dispute, number>[]>(
    (all, dispute) =>
      all.flatMap((fixed) =>
        dispute.choices.map((_, choice) => new Map([...fixed, [dispute, choice]])),
      ),
    [new Map()],
  )
}

/** The finding of an alternative that is the candidate, be it in other words. */
function sameIn(findings: readonly Finding[], candidate: Finding): Finding | undefined {
  const there = findings.filter((finding) => isSamePlace(finding, candidate))
  return (
    there.find(({ message }) => message === candidate.message) ??
    (there.length === 1 ? there[0] : undefined)
  )
}

/**
 * What may be said of a finding that there is in every alternative: what all say; else what the mesh of all variants says, if one of them does, for the
 * more policies there are the less is said of each; else nothing. As careful as the most careful of them.
 */
function inCommonWords(
  finding: Finding,
  all: Finding | undefined,
  there: readonly Finding[],
): Finding[] {
  const messages = new Set(there.map((other) => other.message))
  const [only = finding.message] = messages
  const message =
    messages.size === 1 ? only : all && messages.has(all.message) ? all.message : undefined
  if (message === undefined) return []
  const findings = [finding, ...there]
  const level =
    LEVELS[Math.max(...findings.map((other) => LEVELS.indexOf(other.level)))] ?? finding.level
  const assumptions = [...new Set(findings.flatMap((other) => other.assumptions))]
  if (
    level === finding.level &&
    message === finding.message &&
    assumptions.length === finding.assumptions.length
  )
    return [finding]
  return [withChanges(finding, { level, message, assumptions })]
}

function isSamePlace({ place: a }: Finding, { place: b }: Finding): boolean {
  return (
    a.kind === 'field' &&
    b.kind === 'field' &&
    a.on === b.on &&
    JSON.stringify(a.path) === JSON.stringify(b.path)
  )
}
