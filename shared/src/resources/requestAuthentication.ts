import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeSelector, type WorkloadSelector } from './selector.js'
import {
  decodeAttachments,
  decodeTargetRefs,
  type AttachmentField,
  type PolicyTargetReference,
} from './targetRef.js'

export interface RequestAuthentication extends ResourceBase {
  readonly type: 'RequestAuthentication'
  readonly selector: WorkloadSelector | undefined
  readonly targetRefs: readonly PolicyTargetReference[]
  /** Which of `selector`, `targetRef` and `targetRefs` the policy has, empty ones included. */
  readonly attachments: readonly AttachmentField[]
  readonly issuers: readonly string[]
}

export function decodeRequestAuthentication({ base, reader }: DecodeInput): RequestAuthentication {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'RequestAuthentication',
    selector: decodeSelector(spec),
    targetRefs: decodeTargetRefs(spec),
    attachments: decodeAttachments(spec),
    issuers: (spec?.objects('jwtRules') ?? []).map((rule) => rule.string('issuer') ?? ''),
  })
}
