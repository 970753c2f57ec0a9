import { describe, expect, it } from "vitest";
import { confirm } from "../../../optimizer/commands/confirm.ts";
import type { GlobalArguments } from "../../../optimizer/commands/global-flags.ts";
import { exitCodeOf } from "../../../optimizer/errors.ts";
import { memoryShell } from "../../support/memory-shell.ts";

const local = { stateFolder: ".optimizer", protects: "one-machine" } as const;

function flags(overrides: Partial<GlobalArguments> = {}): GlobalArguments {
  return {
    "outputs-file": undefined,
    region: undefined,
    "dry-run": false,
    "skip-phases": undefined,
    policy: undefined,
    profile: undefined,
    yes: false,
    "single-operator": false,
    approve: undefined,
    json: false,
    "no-color": false,
    state: ".optimizer",
    aws: "real",
    scenario: "story",
    clock: undefined,
    debug: false,
    ...overrides,
  };
}

async function refusal(promise: Promise<void>): Promise<{ code: unknown; exit: number }> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { code: error instanceof Error && "code" in error ? error.code : undefined, exit: exitCodeOf(error) };
}

describe("confirm", () => {
  it("goes on after yes and declines everything else with exit code 4", async () => {
    await expect(confirm("Go?", flags(), memoryShell({ answer: "yes" }), local)).resolves.toBeUndefined();
    for (const answer of ["no", "", "yes please", "yesno"])
      expect(await refusal(confirm("Go?", flags(), memoryShell({ answer }), local))).toEqual({ code: "declined", exit: 4 });
  });

  it("refuses when nobody can be asked, as bad input", async () => {
    expect(await refusal(confirm("Go?", flags(), memoryShell(), local))).toEqual({ code: "no-terminal", exit: 2 });
  });

  it("takes --yes on a local folder only from a single operator", async () => {
    const shell = memoryShell();
    expect(await refusal(confirm("Go?", flags({ yes: true }), shell, local))).toEqual({ code: "single-operator-needed", exit: 2 });
    await expect(confirm("Go?", flags({ yes: true, "single-operator": true }), shell, local)).resolves.toBeUndefined();
    expect(shell.questions).toEqual([]);
  });

  it("says that a local folder protects one machine only, but not of a simulated account", async () => {
    const real = memoryShell({ answer: "yes" });
    await confirm("Go?", flags(), real, local);
    expect(real.shown.join("\n")).toContain("protects one machine only");
    const simulated = memoryShell();
    const simulation = {
      stackSettings: {},
      deploy: async () => ({}),
      driftAgainst: async () => ({ add: [], change: [], destroy: [] }),
      notFollowed: async () => [],
      sizes: {},
    };
    await confirm("Go?", flags({ yes: true }), simulated, { ...local, simulation });
    expect(simulated.shown).toEqual([]);
  });
});
