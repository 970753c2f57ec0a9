import { describe, expect, it } from "vitest";
import { adoptionMarkdown } from "../../../../optimizer/core/report/adoption-markdown.ts";
import { sampleAction, samplePlan, sampleProposal, sampleState } from "../../../support/sample-run.ts";

const sizes = [{ file: "prod/secondary.json", property: "compute.instanceType", value: "m5.2xlarge" }];

describe("the body of a pull request that adopts a run", () => {
  const text = adoptionMarkdown(samplePlan(), sampleState(), sizes, ["us-east-1: aws_x y: set z to 1"]);

  it("tells what is live with its money, what the files say, the windows, and what was rolled back", () => {
    expect(text).toContain("### Adopt 1 change of run-1");
    expect(text).toContain("| group tap-prod-asg | us-west-2 | m5.4xlarge → m5.2xlarge | $4,205/month |");
    expect(text).toContain("- prod/secondary.json: compute.instanceType = m5.2xlarge");
    expect(text).toContain("- us-east-1: aws\\_x y: set z to 1");
    expect(text).toContain("- phase 2, us-west-2: passed; 192 slots, 98 % conclusive");
    expect(text).toMatch(/Rolled back, and verified to be as before\*\*\n\n- phase 2, us-east-1/);
  });

  it("leaves out what there is nothing of", () => {
    const nothing = adoptionMarkdown(samplePlan(), sampleState({ phases: [] }), [], []);
    expect(nothing).toContain("### Adopt 0 changes");
    for (const title of ["Sizing files", "By hand", "Windows", "Rolled back"]) expect(nothing).not.toContain(`**${title}`);
  });

  it("takes no name for markup, a mention, a table's border or a control sequence", () => {
    const name = "<img src=x>|@team\u001b[2J\u202egpj `code`";
    const resource = { kind: "auto-scaling-group", region: "us-west-2", id: name } as const;
    const action = sampleAction({ region: "us-west-2", resource });
    const plan = samplePlan({ decisions: [sampleProposal(action)] });
    const hostile = adoptionMarkdown(plan, sampleState(), [{ file: name, property: name, value: name }], [name]);
    expect(hostile).toContain("&lt;img");
    expect(hostile).not.toMatch(/<img|@team|[^\\]`code/);
    for (const control of ["\u001b", "\u202e"]) expect(hostile).not.toContain(control);
    const rows = hostile.split("\n").filter((line) => line.startsWith("| group"));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.match(/(?<!\\)\|/g)).toHaveLength(5);
  });
});
