import type { AnnotationName } from '../../vocabulary/annotations.js'
import type { Labels } from '../../resources/resource.js'
import type { Finding } from '../finding.js'

/**
 * An annotation with which another analyser ignores an object, and the rules that report the same as its
 * codes. The annotation is a list of codes, separated by commas; one special value means all codes.
 */
interface ForeignAnalyser {
  readonly annotation: string
  /** The value for all codes. */
  readonly allCodes: string
  /** Code → rules that report the same. */
  readonly rules: Readonly<Record<string, readonly string[]>>
}

/** `istioctl analyze` (pkg/config/analysis/local/istiod_analyze.go filterMessages) and Kiali. */
export const FOREIGN_ANALYSERS: readonly ForeignAnalyser[] = [
  {
    annotation: 'galley.istio.io/analyze-suppress' satisfies AnnotationName,
    allCodes: '*',
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
    allCodes: '',
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

/** Whether an annotation of the object makes another analyser ignore the same problem. */
export function isSuppressedByAnnotation({ rule, place }: Finding): boolean {
  const annotations = place.kind === 'field' ? place.resource.annotations : undefined
  return (
    annotations !== undefined &&
    FOREIGN_ANALYSERS.some((analyser) => suppresses(analyser, annotations, rule))
  )
}

function suppresses(
  { annotation, allCodes, rules }: ForeignAnalyser,
  annotations: Labels,
  rule: string,
): boolean {
  const value = annotations[annotation]
  if (value === undefined) return false
  const codes = value.split(',').map((code) => code.trim())
  return Object.entries(rules).some(
    ([code, sameRules]) =>
      sameRules.includes(rule) && (codes.includes(code) || codes.includes(allCodes)),
  )
}
