/** What a rule is called wherever it stands: a rule that is put before it moves its place in the list, and changes nothing in it. */
export function ruleIdentity(rule: string): string {
  return rule.replace(/^context_rules\[\d+\] /, "context_rules ");
}
