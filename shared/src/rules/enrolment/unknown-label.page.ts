import type { RuleDocs } from '../rule.js'

const namespace = (label: string): string => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    ${label}
`

export const unknownLabelPage: RuleDocs = {
  summary: 'An Istio label or annotation is misspelt and has no effect.',
  why: 'Istio silently ignores labels and annotations that it does not know. This rule checks only keys of `istio.io` and its subdomains, and reports only keys that are similar to a known key.',
  bad: namespace('istio.io/data-plane-mode: ambient # ← unknown key'),
  good: namespace('istio.io/dataplane-mode: ambient'),
  fix: 'Correct the key, or remove the label or annotation.',
  references: [
    'https://istio.io/latest/docs/reference/config/labels/',
    'https://istio.io/latest/docs/reference/config/annotations/',
  ],
}
