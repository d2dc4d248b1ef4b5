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
import { problemAt, type Complain } from './problem.js'
import { checkRules } from './rules.js'
import {
  AUTHORIZATION_POLICY,
  GATEWAY,
  PEER_AUTHENTICATION,
  REQUEST_AUTHENTICATION,
} from './schemas.js'
import { checkStructure } from './structure.js'
import { NONE } from '../../text/collections.js'

type Check = (spec: Field, complain: Complain) => void

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
 * What the API server (schema, CEL, strict field check) and istiod's admission webhook will answer when an object is applied (docs/semantics.md §8.1, §8.2).
 * Every complaint that can be made is made, not only those of the first stage that refuses. Objects of other kinds have none.
 */
export function validateObject(
  root: YamlNode,
  apiVersion: string,
  kind: string,
): readonly DecodeProblem[] {
  const [group = '', version = ''] = apiVersion.split('/')
  const name = kindNamed(group, kind)
  if (name === 'Gateway') return isServed(name, version) ? checkStructure(root, GATEWAY) : NONE
  if (name === undefined || !isPolicy(name)) return NONE
  if (!isServed(name, version)) return [unknownVersion(apiVersion, name)]
  const definition = POLICIES[name]
  const problems = checkStructure(root, definition.schema)
  const said = new Set(problems.map(({ path }) => pathKey(path)))
  const complain: Complain = (problem) => {
    const key = pathKey(problem.path)
    if (!said.has(key)) problems.push(problem)
    said.add(key)
  }
  const field = Field.root(root)
  checkAnnotations(field, kind, complain)
  for (const check of definition.checks) check(field.get('spec'), complain)
  return problems
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

/** The same for the same path alone. */
export function pathKey(path: FieldPath): string {
  return JSON.stringify(path)
}
