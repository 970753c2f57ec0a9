import { dirname, join } from "node:path";
import { iamAction } from "../../optimizer/adapters/aws/iam-actions.ts";
import { changeAdapters } from "../../optimizer/adapters/aws/change-adapters.ts";
import { resourceAdapters } from "../../optimizer/adapters/aws/resource-adapters.ts";
import type { CalledActions } from "../../optimizer/core/permissions/needed-actions.ts";
import { sourcesIn, type SourceFile } from "./sources.ts";

const folder = "optimizer/adapters/aws";
/** What every plan asks, whatever its rules: who we are, metrics, costs and commitments. */
const studying = ["identity-reader.ts", "metric-reader.ts", "cost-reader.ts", "commitment-reader.ts"].map((name) => join(folder, name));

/** Every action that the adapters' commands need, by what needs it: found by following the imports of whoever describes or changes something. */
export function calledActions(): CalledActions {
  const sources = new Map(sourcesIn(folder).map((source) => [source.path, source]));
  const reached = (...from: readonly string[]): readonly Command[] => commandsReachedFrom(from, sources);
  const reads = (commands: readonly Command[]): readonly string[] => sorted(commands.map(({ action }) => action).filter(isRead));
  const homeOf = (kind: string): string => fileNaming(kind, sources);
  return {
    study: reads(reached(...studying)),
    paging: sorted(reached(join(folder, "sns-pager.ts")).map(({ action }) => action)),
    resources: Object.fromEntries(
      Object.keys(resourceAdapters)
        .toSorted()
        .map((kind) => [kind, reads(reached(fileDescribing(kind, sources)))]),
    ),
    changes: Object.fromEntries(
      Object.entries(changeAdapters)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, { permissions }]) => {
          const commands = reached(homeOf(kind));
          return [
            kind,
            { reads: reads(commands), acts: sorted([...permissions.calls.map((call) => actionCalled(call, kind, commands)), ...permissions.besides]) },
          ];
        }),
    ),
  };
}

/** Every action that any adapter's command needs, whoever uses it. */
export function allActions(): readonly string[] {
  return sorted(sourcesIn(folder).flatMap((source) => commandsOf(source).map(({ action }) => action)));
}

export function isRead(action: string): boolean {
  return /:(?:Describe|Get|List|Lookup)/.test(action);
}

interface Command {
  /** As the SDK calls it. */
  readonly operation: string;
  /** As IAM calls it. */
  readonly action: string;
}

function commandsOf({ path, text }: SourceFile): readonly Command[] {
  const found: Command[] = [];
  for (const [, names = "", client = ""] of text.matchAll(/import (?:type )?\{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g)) {
    // A paginator sends the command that it is named after.
    for (const [, paged = "", command = ""] of names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)) {
      const operation = paged || command;
      const action = iamAction(client, operation);
      if (action === undefined) throw new Error(`${path} sends ${operation} of ${client}, whose name in IAM is not known (iam-actions.ts)`);
      found.push({ operation, action });
    }
  }
  return found;
}

function commandsReachedFrom(from: readonly string[], sources: ReadonlyMap<string, SourceFile>): readonly Command[] {
  const reached = new Set<string>();
  const open = [...from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const source = sources.get(path);
    if (source === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const [, name = ""] of source.text.matchAll(/^(?:import|export) (?!type )[^;]*? from "(\.[^"]+)"/gm)) open.push(join(dirname(path), name));
  }
  return [...reached].flatMap((path) => {
    const source = sources.get(path);
    return source === undefined ? [] : commandsOf(source);
  });
}

/** The file whose adapter the table of resources has under this kind. */
function fileDescribing(kind: string, sources: ReadonlyMap<string, SourceFile>): string {
  const table = sources.get(join(folder, "resource-adapters.ts"))?.text ?? "";
  const adapter = new RegExp(`^  "?${kind}"?: (\\w+),`, "m").exec(table)?.[1];
  const path = new RegExp(`import \\{ ${adapter} \\} from "(.+)"`).exec(table)?.[1];
  if (path === undefined) throw new Error(`resource-adapters.ts names no adapter of ${kind} by an import of its own`);
  return join(folder, path);
}

/** The file whose table has the change's adapter. */
function fileNaming(kind: string, sources: ReadonlyMap<string, SourceFile>): string {
  const home = [...sources.values()].find(({ path, text }) => path.endsWith("/changes.ts") && text.includes(`\n  "${kind}": `));
  if (home === undefined) throw new Error(`no changes.ts below ${folder} has an adapter of ${kind}`);
  return home.path;
}

function actionCalled(call: string, kind: string, commands: readonly Command[]): string {
  const command = commands.find(({ operation }) => operation === call);
  if (command === undefined) throw new Error(`${kind} is said to call ${call}, which its adapter does not import`);
  return command.action;
}

function sorted(actions: readonly string[]): readonly string[] {
  return [...new Set(actions)].toSorted();
}
