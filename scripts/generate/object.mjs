// An object with its metadata.
import { DASHBOARD } from './names.mjs'

/** The metadata of an object of an app, in one of several styles. */
function metadata({ name, namespace, random }, suffix = '') {
  const comment = random.chance(15) ? `# Source: charts/${name}/templates/object.yaml\n` : ''
  const labels = random.chance(30)
    ? `  labels: {app: ${name}, "app.kubernetes.io/part-of": shop}\n`
    : `  labels:\n    app: ${name}\n    app.kubernetes.io/name: ${name}\n    app.kubernetes.io/instance: ${name}-production\n    app.kubernetes.io/version: "1.${random.below(40)}.${random.below(10)}"\n    app.kubernetes.io/managed-by: ${random.chance(50) ? 'Helm' : '"Helm"'}\n    helm.sh/chart: ${name}-0.${random.below(90)}.0\n`
  const annotations = random.chance(25)
    ? `  annotations:\n    description: >-\n      ${DASHBOARD}\n      More of it on a second line.\n    owner: "team ${name}"\n`
    : ''
  return {
    comment,
    text: `metadata:\n  name: ${name}${suffix}\n  namespace: ${namespace}\n${labels}${annotations}`,
  }
}

export function object(at, { apiVersion, kind, suffix = '', body }) {
  const { comment, text } = metadata(at, suffix)
  return `${comment}apiVersion: ${apiVersion}\nkind: ${kind}\n${text}${body}`
}

export function simple(at, apiVersion, kind, spec) {
  return object(at, { apiVersion, kind, body: `spec:\n${spec}` })
}
