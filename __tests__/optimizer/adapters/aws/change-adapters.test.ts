import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { changeAdapters } from "../../../../optimizer/adapters/aws/change-adapters.ts";
import { type Change, changeFacts, type ChangeKind } from "../../../../optimizer/core/levers/change-kinds.ts";
import { sourcesIn } from "../../../../scripts/reference/sources.ts";

const adapters = join(import.meta.dirname, "../../../../optimizer/adapters/aws");
const changeFiles = sourcesIn("optimizer/adapters/aws").filter(({ path }) => path.endsWith("/changes.ts"));
const kinds = Object.keys(changeAdapters) as ChangeKind[];

/** The folder of the adapter that has the kind, e.g. `aurora` for `rds.failover`. */
function folderOf(kind: ChangeKind): string {
  const folder = readdirSync(adapters).find((name) =>
    changeFiles.some(({ path, text }) => path.endsWith(`/${name}/changes.ts`) && text.includes(`"${kind}":`)),
  );
  if (folder === undefined) throw new Error(`no changes.ts in optimizer/adapters/aws/*/ has the key "${kind}"`);
  return folder;
}

function testsIn(folder: string): readonly string[] {
  const path = join(import.meta.dirname, folder);
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => readFileSync(join(path, name), "utf8"))
    : [];
}

describe.each(kinds)("the adapter of %s", (kind) => {
  const folder = folderOf(kind);
  const { calls } = changeAdapters[kind].permissions;

  it("has a test of its own: its state, on its way where it takes time, and the exact call", () => {
    const { wait } = changeFacts({ kind } as Change);
    const needed = [`"${kind}"`, ".stateOf(", ...("notNeeded" in wait ? [] : [`"in-progress"`]), ...calls.map((call) => `${call}Command`)];
    const lacking = testsIn(folder).map((text) => needed.filter((part) => !text.includes(part)));
    const least = lacking.toSorted((one, other) => one.length - other.length)[0] ?? needed;
    expect(least, `no test in __tests__/optimizer/adapters/aws/${folder}/ tries ${kind}: write one that has all of ${needed.join(", ")}`).toEqual([]);
  });
});

it("says of every command that changes AWS which kind of change makes it", () => {
  // Publishing tells somebody of a run, and changes nothing that a plan could propose.
  const sources = sourcesIn("optimizer/adapters/aws").filter(({ path }) => !path.endsWith("/sns-pager.ts"));
  const imported = sources.flatMap(({ text }) =>
    [...text.matchAll(/import \{([^}]*)\} from "@aws-sdk\//g)].flatMap(([, names = ""]) =>
      [...names.matchAll(/\b(\w+)Command\b/g)].map(([, name = ""]) => name),
    ),
  );
  const changing = imported.filter((name) => !/^(?:Describe|Get|List|Lookup)/.test(name));
  const said = kinds.flatMap((kind) => changeAdapters[kind].permissions.calls);
  expect([...new Set(said)].toSorted(), "`permissions.calls` in optimizer/adapters/aws/<lever>/changes.ts beside the commands imported there").toEqual(
    [...new Set(changing)].toSorted(),
  );
});
