import { readFile } from "node:fs/promises";

/** The source of the plotting library, as a page can carry it whole: so it needs no network. */
export async function plottingLibrary(file: string): Promise<string> {
  const source = await readFile(file, "utf8");
  // Within a page's script element only this would end it early.
  return source.replaceAll("</script", String.raw`<\/script`);
}
