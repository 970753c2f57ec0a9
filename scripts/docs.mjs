/** `npm run docs`: writes docs/blueprints.md from the stacks of every blueprint in every environment, docs/scenario.schema.json for editors, and the reference from the sources. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { blueprintNames, examples } from "./blueprints/examples.ts";
import { blueprintsPage } from "./blueprints/page.ts";
import { parseStack } from "./blueprints/stack-document.ts";
import { referencePages } from "./reference/pages.ts";
import { scenarioFileSchema } from "../simulation/scenario/schema.ts";
import { synthesize } from "./blueprints/synthesize.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
writeFileSync(join(root, "docs", "scenario.schema.json"), `${JSON.stringify(scenarioFileSchema(), null, 2)}\n`);
for (const [path, text] of Object.entries(await referencePages())) writeFileSync(join(root, path), text);
const scratch = mkdtempSync(join(tmpdir(), "tap-docs-"));
try {
  const stacks = examples.flatMap((example) => {
    const folder = join(scratch, example.name);
    synthesize(example, folder);
    return readdirSync(join(folder, "stacks")).map((stack) => ({
      ...example,
      stack,
      document: parseStack(readFileSync(join(folder, "stacks", stack, "cdk.tf.json"), "utf8")),
    }));
  });
  const page = blueprintsPage(blueprintNames.map((blueprint) => ({ blueprint, stacks: stacks.filter((one) => one.blueprint === blueprint) })));
  writeFileSync(join(root, "docs", "blueprints.md"), page);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
