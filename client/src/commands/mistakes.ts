/**
 * The mistakes in the sample mesh: the rule that reports each, and the title of the fix that the walkthrough
 * applies.
 */
export const MISTAKES: Readonly<Record<string, string>> = {
  'l7-allow-rule-dropped': 'Bind to waypoint via targetRefs, allow only traffic from it',
  'waypoint-identity-denied': 'Bind to waypoint via targetRefs, allow only traffic from it',
  'disable-mode-is-permissive': 'Remove DISABLE mode',
  'target-not-bound': 'Create waypoint and enrol',
}
