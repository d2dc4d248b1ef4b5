const MESH_LABEL = /\bistio\.io(?:\/|~1)(?:dataplane-mode|use-waypoint|rev)\b|\bistio-injection\b/

/**
 * Whether an object makes an admission controller set labels of Istio on other objects: a policy of
 * Kyverno that mutates, a mutation of Gatekeeper, or a MutatingAdmissionPolicy. Policies that only
 * validate labels set none.
 */
export function setsMeshLabels(apiVersion: string, kind: string, text: string): boolean {
  return isMutation(apiVersion, kind, text) && MESH_LABEL.test(text)
}

const ENROLMENT_LABEL = /\bistio\.io(?:\/|~1)(?:dataplane-mode|rev)\b|\bistio-injection\b/

/** Whether such an object names a label that enrols a namespace or a pod. */
export function setsEnrolment(text: string): boolean {
  return ENROLMENT_LABEL.test(text)
}

function isMutation(apiVersion: string, kind: string, text: string): boolean {
  const [group = ''] = apiVersion.split('/')
  if (group === 'mutations.gatekeeper.sh' || kind === 'MutatingAdmissionPolicy') return true
  if (group === 'policies.kyverno.io') return kind.endsWith('MutatingPolicy')
  return group === 'kyverno.io' && /^\s*(?:-\s+)?mutate\s*:/m.test(text)
}
