/** What the agent says in a clause, as a sentence of its own. */
export function asSentence(clause: string): string {
  const first = clause.charAt(0).toLocaleUpperCase("en");
  // Names of fields keep their spelling: `apiKey` begins no sentence as `ApiKey`.
  const isName = /^[a-z]+[A-Z_]/.test(clause);
  const whole = isName ? clause : `${first}${clause.slice(1)}`;
  return whole.endsWith(".") ? whole : `${whole}.`;
}
