import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { extendedScenario } from "../../../simulation/scenario/extend.ts";
import { parseScenario, scenarioFileSchema } from "../../../simulation/scenario/schema.ts";
import { inProcess } from "../../support/deployed-state.ts";

const files: Readonly<Record<string, unknown>> = {
  base: {
    $schema: "s",
    name: "base",
    notes: ["of base"],
    seed: 3,
    tags: [{ resource: "a", tags: { x: "1" } }],
    regions: { east: { traffic: { peak: 1, hour: 2 } }, west: {} },
  },
  child: { extends: "base", name: "child", seed: 4, tags: [], regions: { east: { traffic: { peak: 9 } } } },
  grandchild: { extends: "child", notes: ["of the third"], regions: { west: null } },
  round: { extends: "trip" },
  trip: { extends: "round" },
  selfish: { extends: "selfish" },
  several: { extends: ["base"] },
  onList: { extends: "list" },
  list: [],
};

const resolved = (name: string): Promise<unknown> =>
  extendedScenario({ document: files[name], place: name }, async (parent) => ({ document: files[parent], place: parent }));

describe("a scenario that extends another", () => {
  it("is what it extends, with its own members over it: objects merged, everything else replaced", async () => {
    expect(await resolved("child")).toEqual({ name: "child", seed: 4, tags: [], regions: { east: { traffic: { peak: 9, hour: 2 } }, west: {} } });
  });

  it("may extend one that extends another, and takes away what it calls null; names and notes are nobody else's", async () => {
    expect(await resolved("grandchild")).toEqual({ notes: ["of the third"], seed: 4, tags: [], regions: { east: { traffic: { peak: 9, hour: 2 } } } });
  });

  it("is left as it is when it extends none", async () => {
    expect(await resolved("base")).toBe(files["base"]);
  });

  it.each([
    ["round", "circle: round → trip → round"],
    ["selfish", "circle: selfish → selfish"],
    ["several", 'has to name one scenario, a bundled one or a file: ["base"]'],
    ["onList", "list, which it extends, is no JSON object"],
  ])("%s is refused by name", async (name, message) => {
    await expect(resolved(name)).rejects.toMatchObject({ code: "bad-scenario", message: expect.stringContaining(message) });
  });

  it("is described for editors, who may leave out anything and take anything away", () => {
    const published = JSON.parse(readFileSync(join(import.meta.dirname, "../../../docs/scenario.schema.json"), "utf8"));
    expect(published, "npm run docs writes it").toEqual(JSON.parse(JSON.stringify(scenarioFileSchema())));
    expect(Object.keys(published.properties)).toEqual(expect.arrayContaining(["extends", "regions", "promotions"]));
    expect(JSON.stringify(published)).not.toContain('"required"');
  });

  it("still needs what a scenario needs, from itself or from what it extends", async () => {
    const document = await extendedScenario({ document: { extends: "x" }, place: "y" }, async () => ({ document: { seed: 1 }, place: "x" }));
    expect(() => parseScenario(document, "y")).toThrowError(expect.objectContaining({ code: "bad-scenario", message: expect.stringContaining("regions") }));
  });

  it("names the file that extends one which is not there", async () => {
    const file = join(import.meta.dirname, "extends-nothing.json");
    const error = await inProcess(["plan", "--aws", "simulated", "--state", join(tmpdir(), "extends-nothing"), "--scenario", file]).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toContain(`${file} extends ${join(import.meta.dirname, "missing.json")} cannot be read`);
  });
});
