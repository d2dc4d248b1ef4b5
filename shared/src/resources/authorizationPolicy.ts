import type { ObjectReader } from './objectReader.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeSelector, type WorkloadSelector } from './selector.js'
import {
  decodeAttachments,
  decodeTargetRefs,
  type AttachmentField,
  type PolicyTargetReference,
} from './targetRef.js'

/** The list attributes of `from[].source`, in the API's order. */
export const SOURCE_FIELDS = [
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
  'namespaces',
  'notNamespaces',
  'ipBlocks',
  'notIpBlocks',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
] as const
/** The list attributes of `to[].operation`. */
export const OPERATION_FIELDS = [
  'hosts',
  'notHosts',
  'ports',
  'notPorts',
  'methods',
  'notMethods',
  'paths',
  'notPaths',
] as const

export type SourceField = (typeof SOURCE_FIELDS)[number]
export type OperationField = (typeof OPERATION_FIELDS)[number]

/** Attribute → values; an attribute that is absent or empty has no entry. */
export type Source = Readonly<Partial<Record<SourceField, readonly string[]>>>
export type Operation = Readonly<Partial<Record<OperationField, readonly string[]>>>

export interface Condition {
  readonly key: string
  readonly values: readonly string[]
  readonly notValues: readonly string[]
}

/** One rule. `from` and `to` are undefined where the key is absent; an entry is undefined where it has no `source` or `operation`. */
export interface Rule {
  readonly from: readonly (Source | undefined)[] | undefined
  readonly to: readonly (Operation | undefined)[] | undefined
  readonly when: readonly Condition[] | undefined
}

/** `ALLOW` where the policy names no action. A word that is none of the four is kept as written. */
export type Action = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM'

export interface AuthorizationPolicy extends ResourceBase {
  readonly type: 'AuthorizationPolicy'
  readonly selector: WorkloadSelector | undefined
  readonly targetRefs: readonly PolicyTargetReference[]
  /** Of `selector`, `targetRef` and `targetRefs`, those that are there, empty ones too. */
  readonly attachments: readonly AttachmentField[]
  readonly action: Action
  readonly rules: readonly Rule[]
  /** `spec.provider.name` of a CUSTOM policy. */
  readonly provider: string | undefined
}

export function decodeAuthorizationPolicy({ base, reader }: DecodeInput): AuthorizationPolicy {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'AuthorizationPolicy',
    selector: decodeSelector(spec),
    targetRefs: decodeTargetRefs(spec),
    attachments: decodeAttachments(spec),
    action: actionOf(spec?.string('action')),
    rules: (spec?.objects('rules') ?? []).map(decodeRule),
    provider: spec?.object('provider')?.string('name'),
  })
}

function actionOf(action: string | undefined): Action {
  return action === 'DENY' || action === 'AUDIT' || action === 'CUSTOM' ? action : 'ALLOW'
}

function decodeRule(rule: ObjectReader): Rule {
  return {
    from: rule.objects('from')?.map((entry) => fields(entry.object('source'), SOURCE_FIELDS)),
    to: rule.objects('to')?.map((entry) => fields(entry.object('operation'), OPERATION_FIELDS)),
    when: rule.objects('when')?.map((entry) => ({
      key: entry.string('key') ?? '',
      values: entry.strings('values') ?? [],
      notValues: entry.strings('notValues') ?? [],
    })),
  }
}

function fields<F extends string>(
  reader: ObjectReader | undefined,
  names: readonly F[],
): Partial<Record<F, readonly string[]>> | undefined {
  if (!reader) return undefined
  const result: Partial<Record<F, readonly string[]>> = {}
  for (const name of names) {
    const values = reader.strings(name)
    if (values && values.length > 0) result[name] = values
  }
  return result
}
