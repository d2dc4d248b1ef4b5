import type { AccessReason, Analysis, Judgement } from '@istio-ambient-policy/shared'
import type { ServerContext } from './serverContext.js'

/** A verdict with its reason, and the place of the rule or policy that decides. */
export function accessReason(
  { verdict, decider }: Judgement,
  analysis: Analysis,
  { diagnostics }: Pick<ServerContext, 'diagnostics'>,
): AccessReason {
  const place = decider.place ?? placeOfPolicy(analysis, decider.evidence[0])
  const found = place && analysis.locate({ kind: 'field', ...place, on: 'value' })
  return {
    verdict,
    reason: decider.words,
    place: found ? { uri: diagnostics.uriOf(found.file), range: found.range } : null,
  }
}

function placeOfPolicy(
  { mesh }: Analysis,
  name: string | undefined,
): Judgement['decider']['place'] {
  const [namespace = '', ...rest] = name?.split('/') ?? []
  const resource = mesh.named('AuthorizationPolicy', namespace, rest.join('/'))
  return resource && { resource, path: ['metadata', 'name'] }
}
