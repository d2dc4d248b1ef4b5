import type { EnrolmentExplanation, ServiceAccountExplanation } from '../explanation.js'
import { limited, list, type Block } from './blocks.js'

const ENROLMENT_WORDS: Readonly<Record<EnrolmentExplanation['mode'], string>> = {
  ambient: 'ambient',
  sidecar: 'sidecar',
  none: 'not in the mesh',
  unknown: 'enrolment unknown',
}

export function accountBlocks({ principal, usedBy, namedBy }: ServiceAccountExplanation): Block[] {
  return [
    list(undefined, [{ label: 'Principal', text: principal }]),
    list(
      'Used by',
      limited(
        usedBy.map(({ kind, name, enrolment }) => ({
          text: `${kind} ${name}${kind === 'Gateway' ? '' : ` (${ENROLMENT_WORDS[enrolment]})`}`,
        })),
      ),
    ),
    list(
      'Used in',
      limited(namedBy.map(({ name, action, how }) => ({ text: `${name} (${action}): ${how}` }))),
    ),
  ]
}
