import { evaluateRequest } from '../access/evaluateRequest.js'
import { nearestMiss } from '../access/nearestMiss.js'
import type { RequestTarget } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { accessBoxes } from '../space/accessBoxes.js'
import { judgementOf, type Judgement } from '../space/decider.js'
import { allDestinations, destinationKey } from '../space/destinations.js'
import { Planner } from '../space/plan.js'
import { spaceOf } from '../space/spaceOf.js'
import { listed, quoted } from '../text/words.js'
import { hasRequests, RequestSelector } from './selectRequests.js'
import { missingTarget, templatesOf } from './templates.js'
import type { AccessRule, TargetSelector } from './testFile.js'
import type { TestFailure, TestResult } from './testResult.js'
import { unknownClients } from './unknownClients.js'

type NamedTarget = Extract<TargetSelector, { kind: string }>

/** Checks a rule for all requests of its selection. The mesh must be closed. */
export function runRule(mesh: Mesh, test: AccessRule): TestResult {
  const { targets, failures, reason } = targetsOf(mesh, test)
  const selector = new RequestSelector(mesh, test.selection)
  const planner = new Planner([mesh], { extra: selector.atoms })
  for (const target of targets) {
    const space = spaceOf(planner, target, (parts) => selector.restrict(parts))
    if (typeof space === 'string') {
      failures.push(unproven(`${destinationKey(target)} is not evaluated: ${space}.`))
      continue
    }
    const boxes = accessBoxes(
      space,
      ([judgement]) => judgement !== undefined && problemOf(test, judgement) !== undefined,
    )
    for (const box of boxes) {
      const request = selector.complete(box.witness)
      const answer = evaluateRequest(mesh, request)
      const problem = problemOf(test, judgementOf(answer))
      if (problem === undefined)
        throw new Error(`The example of a rule is no counterexample: ${JSON.stringify(request)}`)
      failures.push({
        message: problem,
        request,
        answer,
        nearestMiss: failures.length === 0 ? nearestMiss(mesh, request) : undefined,
        requests: { clients: box.clients, requests: box.requests },
      })
    }
  }
  const status = failures.length > 0 ? 'failed' : reason === undefined ? 'passed' : 'skipped'
  return {
    test,
    status,
    failures,
    reason,
    answers: [],
    notes: [...unknownClients(mesh, test), ...withoutRequests(test)],
  }
}

/** A rule about no request passes for no reason. */
function withoutRequests({ selection: { http } }: AccessRule): string[] {
  return !http || hasRequests(http)
    ? []
    : [
        `No request has a path like ${listed(
          http.path.map((path) => quoted(path)),
          'or',
        )}.`,
      ]
}

/** What is wrong with requests of a rule; undefined if nothing is. */
function problemOf(
  { claim, through }: AccessRule,
  { verdict, usesWaypoint }: Judgement,
): string | undefined {
  if (through === undefined) {
    if (verdict === (claim === 'never' ? 'deny' : 'allow')) return undefined
    if (verdict === 'undecided') return `The files do not decide whether the request is allowed.`
    return claim === 'never'
      ? 'The request is allowed, but must never be allowed.'
      : 'The request is denied, but must always be allowed.'
  }
  if (verdict === 'deny' || usesWaypoint === (claim === 'always')) return undefined
  const words = verdict === 'allow' ? 'is allowed' : 'may be allowed'
  return claim === 'always'
    ? `The request ${words} without a waypoint.`
    : `The request ${words} through a waypoint.`
}

function unproven(message: string): TestFailure {
  return {
    message,
    request: undefined,
    answer: undefined,
    nearestMiss: undefined,
    requests: undefined,
  }
}

/** The destinations of a rule. Named ones that the files do not have are failures, or may be templates. */
function targetsOf(
  mesh: Mesh,
  { selection: { to } }: AccessRule,
): { targets: RequestTarget[]; failures: TestFailure[]; reason: string | undefined } {
  const all = [...mesh.get(allDestinations, '').values()]
  const found = new Map<string, RequestTarget>()
  const failures: TestFailure[] = []
  let reason: string | undefined
  const skip = (templates: string): void => {
    reason ??= `The destinations are not all known: these files have ${templates}.`
  }
  if (to.length === 0 || to.some((selector) => 'namespace' in selector)) {
    const templates = templatesOf(mesh, ['service', 'workload', 'host'])
    if (templates !== undefined) skip(templates)
  }
  for (const selector of to.length === 0 ? [undefined] : to) {
    const matching = all.filter((target) => selector === undefined || isSelected(target, selector))
    const exact = selector && 'kind' in selector ? exactTarget(mesh, selector) : undefined
    const targets = exact ? [exact] : matching
    for (const target of targets) found.set(destinationKey(target), target)
    if (targets.length > 0) continue
    const templates =
      selector && 'kind' in selector ? templatesOf(mesh, [selector.kind]) : undefined
    if (templates !== undefined) skip(templates)
    else if (reason === undefined) failures.push(unproven(noDestination(selector)))
  }
  return { targets: [...found.values()], failures, reason }
}

/** A destination with a port, which a workload need not declare. */
function exactTarget(mesh: Mesh, { kind, name, port }: NamedTarget): RequestTarget | undefined {
  if (port === undefined) return undefined
  const target: RequestTarget =
    kind === 'service'
      ? { service: name, port }
      : kind === 'workload'
        ? { workload: name, port }
        : { host: name, port }
  return missingTarget(mesh, target) === undefined ? target : undefined
}

function isSelected(target: RequestTarget, selector: TargetSelector): boolean {
  if ('namespace' in selector) {
    const name = 'service' in target ? target.service : 'workload' in target ? target.workload : ''
    return name.startsWith(`${selector.namespace}/`)
  }
  const { kind, name, port } = selector
  return (
    (port === undefined || port === target.port) &&
    Object.entries(target).some(([key, value]) => key === kind && value === name)
  )
}

function noDestination(selector: TargetSelector | undefined): string {
  if (selector === undefined) return 'These files have no destination.'
  if ('namespace' in selector)
    return `These files have no destination in the namespace ${selector.namespace}.`
  const port = selector.port === undefined ? '' : ` with the port ${selector.port}`
  const kind = selector.kind === 'service' ? 'Service' : selector.kind
  return `There is no ${kind} ${selector.name}${port} in these files.`
}
