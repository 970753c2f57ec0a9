/** Of a unit file: values by key, whichever section they stand in, in their order. */
export type UnitFile = Readonly<Record<string, readonly string[]>>;

/** The unit files that a script writes, by the service's name. */
export function unitFiles(script: string): Readonly<Record<string, UnitFile>> {
  const files = script.matchAll(/^cat > \/etc\/systemd\/system\/([\w-]+)\.service <<'(\w+)'\n([\s\S]*?)^\2$/gm);
  return Object.fromEntries([...files].map(([, name = "", , text = ""]) => [name, parsed(text)]));
}

function parsed(text: string): UnitFile {
  const values = new Map<string, string[]>();
  for (const [, key = "", value = ""] of text.matchAll(/^(\w+)=(.*)$/gm)) values.set(key, [...(values.get(key) ?? []), value]);
  return Object.fromEntries(values);
}
