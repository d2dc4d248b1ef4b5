import type { Field } from './field.js'

const ACTIONS = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']

/** The action of an AuthorizationPolicy, ALLOW where it names none; undefined where it is unknown or none of the four. */
export function actionOf(spec: Field): string | undefined {
  const action = spec.get('action')
  if (action.node === undefined) return 'ALLOW'
  return ACTIONS.find((known) => known === action.text)
}
