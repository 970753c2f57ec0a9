/** Which of several places a key is about: the one that is meant where nothing is said, another one, or one by its geography. */
const firstRoles = new Set("primary main home active".split(" "));
const otherRoles = new Set("secondary tertiary dr failover fallback standby passive replica replicas backup backups recovery".split(" "));
const placeRoles = new Set("east west north south us eu ap apac emea".split(" "));

export function isFirstRole(role: string): boolean {
  return firstRoles.has(role);
}

export function isOtherRole(role: string): boolean {
  return otherRoles.has(role);
}

export function rolesOf(words: readonly string[]): readonly string[] {
  return words.filter((word) => firstRoles.has(word) || otherRoles.has(word) || placeRoles.has(word));
}
