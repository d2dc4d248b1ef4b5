import type { RuleDocs } from '../rule.js'

const namespace = (label: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    ${label}: ambient
`

export const unknownLabelPage: RuleDocs = {
  summary: 'A label or annotation of Istio is misspelt.',
  why: `Istio ignores labels and annotations that it does not know, without a word. Only keys of \`istio.io\` and its subdomains are judged, and only those that closely resemble one of Istio's catalogue.`,
  bad: namespace('istio.io/data-plane-mode'),
  good: namespace('istio.io/dataplane-mode'),
  fix: 'Give the key its right name.',
  references: [
    'https://istio.io/latest/docs/reference/config/labels/',
    'https://istio.io/latest/docs/reference/config/annotations/',
  ],
}
