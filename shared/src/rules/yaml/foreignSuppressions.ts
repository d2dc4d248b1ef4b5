import type { AnnotationName } from '../../vocabulary/annotations.js'
import type { Labels } from '../../resources/resource.js'
import type { Finding } from '../finding.js'

/**
 * How other analysers are told to be silent about one object, and which rules say the same as their messages. An annotation lists codes, separated by commas;
 * one more value stands for all of them.
 */
interface ForeignAnalyser {
  readonly annotation: string
  /** The value that silences every code. */
  readonly everything: string
  /** Code → rules of the same meaning. */
  readonly rules: Readonly<Record<string, readonly string[]>>
}

/** `istioctl analyze` (pkg/config/analysis/local/istiod_analyze.go filterMessages) and Kiali. */
export const FOREIGN_ANALYSERS: readonly ForeignAnalyser[] = [
  {
    annotation: 'galley.istio.io/analyze-suppress' satisfies AnnotationName,
    everything: '*',
    rules: {
      // ReferencedResourceNotFound: a namespace that a policy names.
      IST0101: ['unknown-namespace'],
      // SchemaValidationError.
      IST0106: ['invalid-resource'],
      // MisplacedAnnotation, UnknownAnnotation, InvalidAnnotation.
      IST0107: ['misplaced-label'],
      IST0108: ['unknown-label'],
      IST0125: ['invalid-label-value'],
      // NoMatchingWorkloadsFound.
      IST0127: ['selector-matches-nothing'],
      // IneffectiveSelector: a policy selects the pods of a Gateway.
      IST0166: ['selector-matches-waypoint'],
    },
  },
  {
    annotation: 'kiali.io/ignore-validations',
    everything: '',
    rules: {
      // More than one selector-less object in a namespace, more than one object for a workload.
      KIA0002: ['duplicate-peer-authentication'],
      KIA0003: ['duplicate-peer-authentication'],
      // No matching workload found for the selector in this namespace.
      KIA0004: ['selector-matches-nothing'],
      // Namespace not found for this rule.
      KIA0101: ['unknown-namespace'],
      // Service account not found for this principal.
      KIA0106: ['unknown-service-account'],
    },
  },
]

/** Whether the object of a finding tells another analyser to be silent about the same. */
export function isSilencedElsewhere({ rule, place }: Finding): boolean {
  const annotations = place.kind === 'field' ? place.resource.annotations : undefined
  return (
    annotations !== undefined &&
    FOREIGN_ANALYSERS.some((analyser) => silences(analyser, annotations, rule))
  )
}

function silences(
  { annotation, everything, rules }: ForeignAnalyser,
  annotations: Labels,
  rule: string,
): boolean {
  const value = annotations[annotation]
  if (value === undefined) return false
  const codes = value.split(',').map((code) => code.trim())
  return Object.entries(rules).some(
    ([code, same]) => same.includes(rule) && (codes.includes(code) || codes.includes(everything)),
  )
}
