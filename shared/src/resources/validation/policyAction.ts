import type { Field } from './field.js'

const ACTIONS = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']

/**
 * The action of an AuthorizationPolicy, ALLOW if absent; undefined for a placeholder and for a word
 * that is none of the four actions.
 */
export function actionOf(spec: Field): string | undefined {
  const action = spec.get('action')
  if (action.node === undefined) return 'ALLOW'
  return ACTIONS.find((known) => known === action.text)
}
