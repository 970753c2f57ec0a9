import { describe, expect, it } from "vitest";
import { anyOwners, ownerByTags } from "../../../../optimizer/core/levers/owners.ts";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { account } from "../../../support/account-of-every-rule.ts";
import { tagged } from "../../../support/world.ts";

const facts = account(35).facts(rules);
const { inventory } = facts;
const proposals = decideAll(rules, facts).filter(({ kind }) => kind === "proposal");
const placeOf = ({ rule, resource, part = "" }: (typeof proposals)[number]) => [rule, resource.region, resource.id, part].join("|");

function decidedWith(key: string) {
  const resources = inventory.resources.map((resource) => ({ ...resource, tags: tagged({ [key]: "x" }) }));
  return decideAll(rules, { ...facts, inventory: { ...inventory, resources } });
}

describe("what somebody else keeps as it is", () => {
  it.each([
    ["elasticbeanstalk:environment-id", "Elastic Beanstalk"],
    ["services.k8s.aws/controller-version", "ACK"],
    ["crossplane-kind", "Crossplane"],
  ])("is left alone by every rule, by the tag %s", (key, owner) => {
    const decided = new Map(decidedWith(key).map((decision) => [placeOf(decision), decision]));
    expect(new Set(proposals.map(({ rule }) => rule)).size).toBeGreaterThan(10);
    for (const proposal of proposals) {
      const own = decided.get(placeOf(proposal));
      expect(own, placeOf(proposal)).toMatchObject({ kind: "skip", code: "unsupported", detail: expect.stringContaining(`(tag ${JSON.stringify(key)})`) });
      expect(own?.kind === "skip" && own.detail).toContain(owner);
    }
  });

  it.each(["elasticbeanstalk", "team-crossplane-kind", "my-services.k8s.aws/x", "aws:cloudformation:stack-name"])("is not told by the tag %s", (key) => {
    expect(decidedWith(key).filter(({ kind }) => kind === "proposal")).toHaveLength(proposals.length);
  });

  it("is told by tags that could be read alone", () => {
    expect(ownerByTags([{ kind: "unreadable", reason: "AccessDenied" }, tagged({ "crossplane-name": "a" })])).toBe(
      'Crossplane keeps it as its manifest says (tag "crossplane-name")',
    );
    expect(ownerByTags([{ kind: "unreadable", reason: "AccessDenied" }])).toBeUndefined();
    expect(anyOwners.map(([key]) => key)).toEqual(["elasticbeanstalk:", "services.k8s.aws/", "crossplane-"]);
  });
});
