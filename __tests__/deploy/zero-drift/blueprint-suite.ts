import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSizingFiles } from "../../../optimizer/adapters/sizing-files/sizing-files.ts";
import { parseOutputs } from "../../../optimizer/adapters/terraform-outputs/parse-outputs.ts";
import { adopt, type Adoption } from "../../../optimizer/app/adopt.ts";
import type { ChangeKind } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Inventory } from "../../../optimizer/core/levers/resource-kinds.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import type { Deployments } from "../../../optimizer/core/model/deployment.ts";
import { deploymentSettings } from "../deployment.ts";
import { LocalAws } from "../local-aws.ts";
import { missing, missingInWords, python } from "../needed-parts.ts";
import { createdZone, requestedCertificates } from "../prerequisites.ts";
import { scratchFolder, TerraformProject } from "../terraform-project.ts";
import { Wire } from "../wire/wire.ts";
import { carryOut, runOf, undo } from "./carry-out.ts";
import { driftTrials } from "./kinds.ts";
import { type Blueprint, touchedTypes, type TriedRule, type TriedRuleId, triedRules } from "./levers.ts";

const rules = Object.entries(triedRules) as readonly (readonly [TriedRuleId, TriedRule])[];

/** Tests what the optimizer changes of a blueprint's primary stack beside Terraform's own plan: carried out, adopted, undone and taken back out of the stacks. */
export function testZeroDrift(blueprint: Blueprint): void {
  describe.skipIf(missing)(`what was changed of ${blueprint} is the stacks' own once it is adopted, and again once it is undone${missingInWords}`, () => {
    const own = rules.filter(([, rule]) => rule.blueprint === blueprint);
    const endpoint = process.env["AWS_ENDPOINT_URL"];
    let aws: LocalAws;
    let wire: Wire;
    let project: TerraformProject;
    let targets: readonly string[];
    let deployments: Deployments;
    let actions: readonly Action[];

    beforeAll(async () => {
      const folder = scratchFolder();
      aws = await LocalAws.start(python, join(folder, "local-aws.log"));
      process.env["AWS_ENDPOINT_URL"] = aws.url;
      project = new TerraformProject(folder, aws.url, deploymentSettings({ blueprint, environment: "production" }, await requestedCertificates(aws)));
      await createdZone(aws);
    });

    afterAll(async () => {
      if (endpoint === undefined) delete process.env["AWS_ENDPOINT_URL"];
      else process.env["AWS_ENDPOINT_URL"] = endpoint;
      await aws.stop();
    });

    const differences = (): Promise<readonly string[]> => project.differences("primary", targets);
    const adopted = (status: "applied" | "rolled-back"): Promise<Adoption> => {
      const { plan, state } = runOf(actions, deployments, status);
      return adopt(plan, state, { sizing: createSizingFiles(project.sizingFolder), changes: wire.changeReader(), births: wire.birthReader() });
    };

    it("Terraform deploys it, and the optimizer's changes are carried out", async () => {
      await project.synth();
      await project.initialize("primary");
      targets = project.addressesOf("primary", touchedTypes[blueprint]);
      await project.apply("primary", targets);
      deployments = parseOutputs([{ source: "primary", text: await project.outputsOfTargets("primary") }]);
      wire = await Wire.open(aws);
      const [deployment] = deployments.deployments;
      if (deployment === undefined) throw new Error("the outputs name no region");
      const inventory: Inventory = { accountId: "123456789012", failedRegions: {}, ...(await wire.inventoryOf(deployment)) };
      actions = own.flatMap(([, rule]) => rule.actions(inventory));
      const written = new Set(await carryOut(wire, actions));
      const kinds = (Object.keys(driftTrials) as ChangeKind[]).filter((kind) => own.some(([id]) => isBy(kind, id)));
      expect(kinds.filter((kind) => !written.has(kind))).toEqual([]);
      expect(await aws.unsupported()).toEqual([]);
    });

    it("Terraform's plan sees all of it", async () => {
      const seen = (await differences()).map((line) => line.split(".")[0]);
      expect(new Set(seen)).toEqual(new Set<string | undefined>(own.flatMap(([, { drifts }]) => drifts)));
    });

    it("once it is adopted, the plan is empty", async () => {
      const { adopted: places, byHand, notLive } = await adopted("applied");
      expect([byHand, notLive]).toEqual([[], []]);
      expect(new Set(places.map(({ actionId }) => actionId))).toEqual(new Set(actions.filter(({ writeBack }) => writeBack.length > 0).map(({ id }) => id)));
      await project.synth();
      expect(await differences()).toEqual([]);
    });

    it("once it is undone and taken back out of the stacks, the plan is empty again", async () => {
      await undo(wire, actions);
      const { reverted, notLive } = await adopted("rolled-back");
      expect(notLive).toEqual([]);
      expect(reverted.length).toBeGreaterThan(0);
      await project.synth();
      expect(await differences()).toEqual([]);
      expect(await aws.unsupported()).toEqual([]);
      rmSync(project.folder, { recursive: true, force: true });
    });
  });
}

function isBy(kind: ChangeKind, rule: TriedRuleId): boolean {
  const trial = driftTrials[kind];
  return "by" in trial && trial.by === rule;
}
