declare const AMBIENT_POLICY_RULE_PAGES: string | undefined

/**
 * The address of the page of a rule on the web, with `{rule}` in place of its name. Undefined if no address is set in
 * `packaging/placeholders.json`.
 */
export const RULE_PAGES: string | undefined =
  typeof AMBIENT_POLICY_RULE_PAGES === 'string' && AMBIENT_POLICY_RULE_PAGES !== ''
    ? AMBIENT_POLICY_RULE_PAGES
    : undefined

export function rulePageAddress(rulePages: string, rule: string): string {
  return rulePages.replaceAll('{rule}', rule)
}
