/**
 * The mistakes in the sample mesh: the rule that reports each, and the title of the fix that the walkthrough
 * applies.
 */
export const MISTAKES: Readonly<Record<string, string>> = {
  'l7-allow-rule-dropped': 'Enforce at the waypoint and allow only traffic from the waypoint',
  'waypoint-identity-denied': 'Enforce at the waypoint and allow only traffic from the waypoint',
  'disable-mode-is-permissive': 'Remove DISABLE mode',
  'target-not-bound': 'Create a waypoint and use it',
}

/** What is left after the fixes above, with the fix that the walkthrough applies last. */
export const FOLLOW_UPS: Readonly<Record<string, string>> = {
  'waypoint-bypass': 'Allow only traffic from the waypoint',
}

/** The findings that the walkthrough shows, in its order. */
export const SHOWN_FINDINGS: Readonly<Record<string, string>> = { ...MISTAKES, ...FOLLOW_UPS }
