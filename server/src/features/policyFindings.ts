import {
  meshFindings,
  type Analysis,
  type EvaluateFinding,
  type Place,
} from '@istio-ambient-policy/shared'

/** The errors and warnings about the object at a place. */
export function policyFindings(
  place: Place | undefined,
  analysis: Analysis,
  uriOf: (file: string) => string,
): EvaluateFinding[] {
  if (place?.kind !== 'field') return []
  const { file, document, ordinal } = place.resource.origin
  return meshFindings([analysis], file).flatMap(({ finding, range }): EvaluateFinding[] => {
    const about = finding.place.kind === 'field' ? finding.place.resource.origin : undefined
    const isAbout = about?.document === document && about.ordinal === ordinal
    return isAbout && (finding.level === 'error' || finding.level === 'warning')
      ? [
          {
            rule: finding.rule,
            message: finding.message,
            hasFix: finding.fixes.length > 0,
            uri: uriOf(file),
            range,
          },
        ]
      : []
  })
}
