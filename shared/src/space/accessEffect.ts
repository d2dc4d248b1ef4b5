import { destinationChoices } from '../access/choices.js'
import { clientOf } from '../access/client.js'
import { destinationOf } from '../access/destination.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestTarget, Verdict } from '../access/request.js'
import { waypointIdentity } from '../access/route.js'
import { UNKNOWN_WORKLOAD } from '../access/unknownClient.js'
import { keys } from '../inventory/indexKeys.js'
import { isWaypointClass } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import { getOrInsert } from '../text/collections.js'
import { accessBoxes, type AccessBox } from './accessBoxes.js'
import { classesOfCell, witnessOf, type AccessSpace, type Outcome } from './accessSpace.js'
import { comparisonsIn } from './cells.js'
import { cellNumber, cellOf } from './classOf.js'
import { sameDestination, sameSignature } from './compareAccess.js'
import { allDestinations, destinationKey } from './destinations.js'
import { Planner, type PartPlan } from './plan.js'
import { policyAtoms } from './policyAtoms.js'
import { allowedInWords } from './policyWords.js'
import { answersOfVariantsIn, spaceOf, type NotCompared } from './spaceOf.js'

/** Requests to one destination whose verdict a change of the mesh changes. */
export interface EffectOnTarget {
  readonly target: RequestTarget
  readonly box: AccessBox
}

/** What a change of the mesh does to the requests to all destinations that both sides have. */
export interface AccessEffect {
  /** Requests that the change allows although no edited policy allows them in its own words. */
  readonly opens: readonly EffectOnTarget[]
  /** Requests that the change allows, as an edited policy says. */
  readonly allows: readonly EffectOnTarget[]
  /** Requests that the change denies. */
  readonly closes: readonly EffectOnTarget[]
  /** Destinations that are not compared. */
  readonly notCompared: readonly NotCompared[]
}

/** More destinations are not compared for one change. */
const MOST_DESTINATIONS = 400

/** Comparisons of requests with values for one change. An editor asks for the fixes at each move of the cursor. */
const MOST_COMPARISONS_OF_CHANGE = 2_000_000
/** Answers of variants for one change, where objects have several definitions. A second has about ten thousand. */
const MOST_ANSWERS_OF_CHANGE = 20_000
/** A request that is opened is compared with the requests of other clients too. */
const OF_OPENED = 8

type Direction = 'opens' | 'allows' | 'closes'

/**
 * What a change of a mesh opens and closes. Both meshes must be closed.
 *
 * @param edited the policies whose words count, as they are before the change.
 */
export function accessEffect(
  before: Mesh,
  after: Mesh,
  edited: readonly AuthorizationPolicy[],
): AccessEffect {
  const isSame = sameSignature(before, after)
  const touched = destinationsOf(before).filter(
    (target) => destinationOf(after, target).kind !== 'missing' && !isSame(destinationKey(target)),
  )
  return effectOn(touched, { before, after, edited })
}

/**
 * The same effect if the words of some policies count. Words only decide which of the opened requests are allowed, so
 * that no other destination is compared again.
 *
 * @param effect without the words of any policy.
 */
export function effectWithWords(effect: AccessEffect, sides: Sides): AccessEffect {
  const opened = new Map(effect.opens.map(({ target }) => [destinationKey(target), target]))
  if (opened.size === 0) return effect
  const { opens, allows } = effectOn([...opened.values()], sides)
  return {
    ...effect,
    opens,
    allows: [
      ...effect.allows.filter(({ target }) => !opened.has(destinationKey(target))),
      ...allows,
    ],
  }
}

interface Sides {
  readonly before: Mesh
  readonly after: Mesh
  readonly edited: readonly AuthorizationPolicy[]
}

function effectOn(
  touched: readonly RequestTarget[],
  { before, after, edited }: Sides,
): AccessEffect {
  const names = new Set(edited.map(qualifiedName))
  const changed = after.all('AuthorizationPolicy').filter((each) => names.has(qualifiedName(each)))
  const sight = { client: true, sourceIp: true, http: true, port: true }
  const extra = [...edited, ...changed].flatMap((policy) => policyAtoms(before, policy, sight))
  const planner = new Planner([before, after], {
    extra,
    mostComparisons: MOST_COMPARISONS_OF_CHANGE,
  })
  const hasOtherClientsOnly = sameDestination(before, after)
  const restrictionOf = (target: RequestTarget) =>
    hasOtherClientsOnly(destinationKey(target))
      ? (parts: readonly PartPlan[]) => planner.withOtherClients(parts)
      : undefined
  const isSaid: SaidOfClass = (request, isInClass) =>
    (isWaypoint(after, request) && !othersLike(request).some(isInClass)) ||
    getsIdentity(before, after, request) ||
    isOutage(before, request) ||
    isOpenToPlaintext(before, request) ||
    allowedInWords(before, edited, request) ||
    allowedInWords(before, changed, request)
  const effect: Record<Direction, EffectOnTarget[]> = { opens: [], allows: [], closes: [] }
  const notCompared: NotCompared[] = []
  const left = { comparisons: MOST_COMPARISONS_OF_CHANGE, answers: MOST_ANSWERS_OF_CHANGE }
  for (const target of touched) {
    const space =
      touched.length > MOST_DESTINATIONS
        ? `the change can touch ${touched.length} destinations, which is more than ${MOST_DESTINATIONS}`
        : spaceOf(planner, target, restrictionOf(target), left)
    if (typeof space === 'string') notCompared.push({ target, reason: space })
    else {
      left.comparisons -= comparisonsIn(space.parts) + OF_OPENED * comparisonsOfOpened(space)
      left.answers -= answersOfVariantsIn(planner.meshes, space.parts)
      if (left.comparisons >= 0) addEffect(effect, { planner, space }, isSaid)
      else notCompared.push({ target, reason: 'the change opens too many kinds of requests' })
    }
  }
  return { ...effect, notCompared }
}

/** The port of pods that declare none: proxies do not read the declaration. */
const UNDECLARED_PORT = 8080

function destinationsOf(mesh: Mesh): RequestTarget[] {
  const undeclared = mesh
    .get(destinationChoices, '')
    .filter(({ kind, ports }) => kind === 'workload' && ports.length === 0)
    .map(({ name }) => ({ workload: name, port: UNDECLARED_PORT }))
  return [...mesh.get(allDestinations, '').values(), ...undeclared]
}

const ORDER: Readonly<Record<Verdict, number>> = { deny: 0, undecided: 1, allow: 2 }

/**
 * Whether the requests of a class do not count as opened.
 *
 * @param request their example.
 */
type SaidOfClass = (
  request: AccessRequest,
  isInClass: (request: AccessRequest) => boolean,
) => boolean

function directionsIn({ outcomes }: AccessSpace): Map<Outcome, Direction> {
  const directions = new Map<Outcome, Direction>()
  for (const outcome of outcomes) {
    const [was, is] = outcome
    if (was && is && was.verdict !== is.verdict)
      directions.set(outcome, ORDER[is.verdict] > ORDER[was.verdict] ? 'opens' : 'closes')
  }
  return directions
}

function comparisonsOfOpened(space: AccessSpace): number {
  const directions = directionsIn(space)
  const isOpened = space.outcomes.map((outcome) => directions.get(outcome) === 'opens')
  return space.parts.reduce(
    (sum, { cells, comparisons }) =>
      sum + cells.reduce((opened, cell) => opened + Number(isOpened[cell]), 0) * comparisons,
    0,
  )
}

function addEffect(
  effect: Record<Direction, EffectOnTarget[]>,
  { planner, space }: { readonly planner: Planner; readonly space: AccessSpace },
  isSaid: SaidOfClass,
): void {
  const directions = directionsIn(space)
  if (directions.size === 0) return
  const outcomes = [...space.outcomes]
  const saidOutcomes = new Map<Outcome, number>()
  const parts = space.parts.map((part, index) => ({
    ...part,
    cells: part.cells.map((number, cell) => {
      const outcome = outcomes[number]
      if (!outcome || directions.get(outcome) !== 'opens') return number
      const isInClass = (request: AccessRequest): boolean => {
        const found = cellOf(planner, space.parts, request)
        return found?.part === index && cellNumber(part, found.classes) === cell
      }
      if (!isSaid(witnessOf(part, space.target, classesOfCell(part, cell)), isInClass))
        return number
      return getOrInsert(saidOutcomes, outcome, () => {
        const said = [...outcome]
        directions.set(said, 'allows')
        return outcomes.push(said) - 1
      })
    }),
  }))
  const split: AccessSpace = { ...space, parts, outcomes }
  for (const box of accessBoxes(split, (outcome) => directions.has(outcome))) {
    const direction = directions.get(box.outcome)
    if (direction) effect[direction].push({ target: space.target, box })
  }
}

/** The connections of a waypoint are the requests of its clients, which are compared themselves. */
function isWaypoint(mesh: Mesh, { from: { namespace, serviceAccount } }: AccessRequest): boolean {
  if (namespace === undefined || serviceAccount === undefined) return false
  return (
    mesh.workloadsAt(keys.identity(namespace, serviceAccount)).length === 0 &&
    mesh
      .inNamespace('Gateway', namespace)
      .some(
        (gateway) =>
          isWaypointClass(gateway.gatewayClassName) &&
          waypointIdentity(mesh, gateway).serviceAccount === serviceAccount,
      )
  )
}

/** The same request from accounts that no file has, in the same namespace and in another one. */
function othersLike({ from, ...request }: AccessRequest): AccessRequest[] {
  return ['0', `${from.serviceAccount ?? ''}0`].flatMap((serviceAccount) =>
    [from.namespace, '0'].map((namespace) => ({
      ...request,
      from: { ...from, namespace, serviceAccount },
    })),
  )
}

/** A client that gets an identity: the policies that name it allow it in their own words. */
function getsIdentity(before: Mesh, after: Mesh, { from }: AccessRequest): boolean {
  return (
    from.namespace !== undefined &&
    clientOf(before, from).identity === undefined &&
    clientOf(after, from).identity !== undefined
  )
}

/** A request that no policy denies: ztunnel does not know one of its ends. */
function isOutage(mesh: Mesh, request: AccessRequest): boolean {
  return evaluateRequest(mesh, request).hops.some(({ reason }) => reason === UNKNOWN_WORKLOAD)
}

/** A client whose certificate is rejected, although it can connect without one. */
function isOpenToPlaintext(mesh: Mesh, request: AccessRequest): boolean {
  const { trustDomain, ip } = request.from
  return (
    trustDomain !== undefined &&
    evaluateRequest(mesh, { ...request, from: { ip } }).verdict === 'allow'
  )
}
