import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The source of Plotly's cartesian bundle, which holds pie and heat map too (MIT). A page carries it whole, so it needs no network. */
export async function plottingLibrary(packageRoot: string): Promise<string> {
  const resolve = createRequire(`${packageRoot}/package.json`).resolve;
  const source = await readFile(resolve("plotly.js-cartesian-dist-min"), "utf8");
  // Within a page's script element only this would end it early.
  return source.replaceAll("</script", String.raw`<\/script`);
}
