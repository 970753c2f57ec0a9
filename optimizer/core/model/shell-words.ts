/** Controls, invisible marks and line separators: a terminal does not show them, so that a word with one could not be copied off it. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** A word of a command for a POSIX shell, quoted where it has to be; one that a terminal would not show whole by the codes of its bytes. */
export function shellWord(text: string): string {
  if (/^[\w./:=@-]+$/.test(text)) return text;
  return unseen.test(text) ? `$'${Array.from(text, coded).join("")}'` : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Within `$'…'` (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_04). */
function coded(character: string): string {
  if (character === "'" || character === "\\") return `\\${character}`;
  if (!unseen.test(character)) return character;
  // Three octal digits: a hexadecimal code would take the digits behind it for its own.
  return Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
