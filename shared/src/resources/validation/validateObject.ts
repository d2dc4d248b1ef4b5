import type { Schema } from '@cfworker/json-schema'
import {
  apiVersionOf,
  kindFacts,
  kindNamed,
  KINDS,
  type KindName,
  type KindNameOf,
} from '../../vocabulary/kinds.js'
import type { FieldPath, YamlNode } from '../../yaml/node.js'
import type { DecodeProblem } from '../objectReader.js'
import { checkAction } from './action.js'
import { checkAnnotations } from './annotations.js'
import { checkAttachment, checkSelector } from './attachment.js'
import { Field } from './field.js'
import { checkJwtRules } from './jwtRules.js'
import { checkPortLevelMtls } from './portLevelMtls.js'
import { problemAt, type ReportProblem } from './problem.js'
import { checkRules } from './rules.js'
import {
  AUTHORIZATION_POLICY,
  GATEWAY,
  PEER_AUTHENTICATION,
  REQUEST_AUTHENTICATION,
} from './schemas.js'
import { checkServiceEntry } from './serviceEntry.js'
import { checkStructure } from './structure.js'
import { withoutNulls } from './withoutNulls.js'
import { NONE } from '../../text/collections.js'

type Check = (spec: Field, report: ReportProblem) => void

interface Definition {
  readonly schema: Schema
  readonly checks: readonly Check[]
}

/** The policies of Istio; v1 and v1beta1 have one schema. */
const POLICIES: Readonly<Record<KindNameOf<'policy'>, Definition>> = {
  AuthorizationPolicy: {
    schema: AUTHORIZATION_POLICY,
    checks: [checkAttachment, checkAction, checkRules],
  },
  PeerAuthentication: {
    schema: PEER_AUTHENTICATION,
    checks: [checkSelector, checkPortLevelMtls],
  },
  RequestAuthentication: {
    schema: REQUEST_AUTHENTICATION,
    checks: [checkAttachment, checkJwtRules],
  },
}

/**
 * The problems that the API server (schema, CEL, strict field check) and istiod's admission webhook
 * report when an object is applied (docs/semantics.md §8.1, §8.2). All problems are reported, not
 * only those of the first stage that fails. Objects of other kinds have none.
 */
export function validateObject(
  root: YamlNode,
  apiVersion: string,
  kind: string,
): readonly DecodeProblem[] {
  const [group = '', version = ''] = apiVersion.split('/')
  const name = kindNamed(group, kind)
  if (name === 'Gateway')
    return isServed(name, version) ? checkStructure(withoutNulls(root, GATEWAY), GATEWAY) : NONE
  if (name === 'ServiceEntry') return checksOf(root, [checkServiceEntry])
  if (name === undefined || !isPolicy(name)) return NONE
  if (!isServed(name, version)) return [unknownVersion(apiVersion, name)]
  const definition = POLICIES[name]
  const pruned = withoutNulls(root, definition.schema)
  const problems = checkStructure(pruned, definition.schema)
  const reported = new Set(problems.map(({ path }) => pathKey(path)))
  const report: ReportProblem = (problem) => {
    const key = pathKey(problem.path)
    if (!reported.has(key)) problems.push(problem)
    reported.add(key)
  }
  const field = Field.root(pruned)
  checkAnnotations(field, kind, report)
  for (const check of definition.checks) check(field.get('spec'), report)
  return problems
}

/** The problems that checks of a spec report, one for each field. */
function checksOf(root: YamlNode, checks: readonly Check[]): readonly DecodeProblem[] {
  const found = new Map<string, DecodeProblem>()
  for (const check of checks)
    check(Field.root(root).get('spec'), (problem) => {
      const key = pathKey(problem.path)
      if (!found.has(key)) found.set(key, problem)
    })
  return [...found.values()]
}

function isPolicy(name: KindName): name is KindNameOf<'policy'> {
  return KINDS[name].role === 'policy'
}

function isServed(name: KindName, version: string): boolean {
  return kindFacts(name).versions.includes(version)
}

function unknownVersion(apiVersion: string, kind: KindNameOf<'policy'>): DecodeProblem {
  return problemAt(['apiVersion'], `no matches for kind "${kind}" in version "${apiVersion}".`, {
    repair: { kind: 'replace', value: apiVersionOf(kind) },
  })
}

/** Equal for equal paths only. */
export function pathKey(path: FieldPath): string {
  return JSON.stringify(path)
}
