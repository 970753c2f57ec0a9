import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../../contract/canonical-json.ts";
import { componentPath } from "../../../../contract/components.ts";
import { emptySizing } from "../../../../contract/sizing.ts";
import { revertedChange } from "../../../../optimizer/core/adoption/reverted-change.ts";
import { mergeSizing } from "../../../../optimizer/core/adoption/merge-sizing.ts";
import type { SizingChange } from "../../../../optimizer/core/model/action.ts";
import { actionsOf } from "../../../../optimizer/core/model/rule.ts";
import { type Change, changeFacts } from "../../../../optimizer/core/levers/change-kinds.ts";
import type { Resource, ResourceOf } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { changeAdapters } from "../../../../optimizer/adapters/aws/change-adapters.ts";
import { changeKindsOf } from "../../../../optimizer/core/levers/change-kinds-of.ts";
import { refKey, type ResourceKind } from "../../../../optimizer/core/model/resource-ref.ts";
import type { Rule } from "../../../../optimizer/core/model/rule.ts";
import { inventoryDifferences } from "../../../../optimizer/core/execution/inventory-differences.ts";
import { ruleOf, rules } from "../../../../optimizer/core/levers/rules.ts";
import { thresholds } from "../../../../optimizer/core/levers/thresholds.ts";
import { type Metric, metricOf, metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { account } from "../../../support/account-of-every-rule.ts";
import { type World, aGroup, aWorld, groupSees, primary, tagged } from "../../../support/world.ts";

const root = join(import.meta.dirname, "../../../..");
describe("the registry of rules", () => {
  it("has each rule once, named after its lever, in the order of phases", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z\d]*(\.[a-z]+(-[a-z]+)*)$/);
    expect(rules.map(({ phase }) => phase)).toEqual(rules.map(({ phase }) => phase).toSorted((a, b) => a - b));
  });

  it("finds a rule by its id, and says of an unknown one what to do", () => {
    for (const rule of rules) expect(ruleOf(rule.id)).toBe(rule);
    expect(() => ruleOf("x.unheard-of")).toThrow(expect.objectContaining({ code: "unknown-rule", hint: expect.stringContaining("optimizer plan") }));
  });
});

/** Where the stacks keep a component, by its Terraform type. */
const pathOf: Readonly<Record<string, (id: string) => string>> = {
  aws_autoscaling_group: () => componentPath.compute,
  aws_dynamodb_table: componentPath.table,
  aws_elasticache_replication_group: () => componentPath.redis,
  aws_s3_bucket: () => componentPath.dataBucket,
  aws_lambda_function: componentPath.function,
  aws_ecs_service: componentPath.service,
  aws_db_instance: () => componentPath.rds,
  aws_rds_cluster: () => componentPath.aurora,
  aws_rds_cluster_instance: componentPath.auroraInstance,
};

const facts = account(35).facts(rules);
const proposals = decideAll(rules, facts).flatMap((decision) => (decision.kind === "proposal" ? [decision] : []));

it("each name of thresholds is a rule's id without its marks", () => {
  const names = rules.map(({ id }) => id.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase()));
  expect(
    Object.keys(thresholds).filter((name) => !names.includes(name)),
    "optimizer/core/levers/thresholds.ts: named after a rule of rules.ts, as auroraWriterClass after aurora.writer-class",
  ).toEqual([]);
});

describe.each(rules.map(({ id }) => id))("the rule %s", (id) => {
  const [lever = "", name = ""] = id.split(".");
  const path = `__tests__/optimizer/core/levers/${lever}/${name}.test.ts`;

  it("has a test of its own, of what it proposes and what it skips", () => {
    const text = existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "";
    const lacking = [`"${id}"`, "proposal", "skip"].filter((part) => !text.includes(part));
    expect(lacking, `${path}: try ${id} there at, under and over each threshold, and what it skips with which reason`).toEqual([]);
  });

  it("has scenarios of its own, each with what it comes to", () => {
    const [folder, expectations] = [`simulation/scenarios/${id}`, `__tests__/scenarios/${id}.json`];
    const scenarios = existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((file) => file.replace(/\.json$/, "")) : [];
    const text = existsSync(join(root, expectations)) ? readFileSync(join(root, expectations), "utf8") : "{}";
    const { cases = {} } = JSON.parse(text) as { readonly cases?: object };
    expect(scenarios, `${folder}/ has no scenario: one in which ${id} proposes, and each refusal that needs metrics or tags`).not.toEqual([]);
    expect(Object.keys(cases).toSorted(), `\`cases\` of ${expectations} beside the files of ${folder}/`).toEqual(scenarios.toSorted());
    if (ruleOf(id).judgedBy === "never-executed") expect(text, `${expectations} has no case in which ${id} gives advice`).toMatch(/: "advice"/);
    else expect(/: "proposed"/.test(text) && text.includes('"end"'), `${expectations} has no case in which ${id} proposes and comes to an end`).toBe(true);
  });
});

describe("what the rules cannot undo", () => {
  it("asks for a person's approval, and says what would not come back", () => {
    const irreversible = proposals.flatMap(actionsOf).filter(({ reversibility }) => reversibility === "irreversible");
    expect(irreversible).not.toEqual([]);
    expect(irreversible.filter(({ approval, cannotComeBack }) => approval === undefined || cannotComeBack === undefined)).toEqual([]);
  });
});

/** What each change of the rules' actions is taken back by, and whether anybody would notice that it did harm. */
const acted = proposals.flatMap((proposal) => actionsOf(proposal).map((action) => [action.id, proposal.rule, action] as const));

describe("what the rules change", () => {
  it("is named in `changes`: each kind by the rules that make it, and none that no rule makes", () => {
    const named = rules.flatMap(({ id, changes }) => changes.map((kind) => `${id} ${kind}`));
    const made = acted.flatMap(([, rule, action]) => changeKindsOf(action).map((kind) => `${rule} ${kind}`));
    expect([...new Set(made)].filter((each) => !named.includes(each))).toEqual([]);
    expect(new Set(rules.flatMap(({ changes }) => changes))).toEqual(new Set(Object.keys(changeAdapters)));
  });

  it.each(acted)("is brought back by the way back, state by state, but for what is deleted for good: %s", (_id, _rule, { steps, rollback, reversibility }) => {
    const changes = steps.flatMap((step) => (step.kind === "change" ? [step.change] : []));
    expect(changes).not.toEqual([]);
    const kept = changes.filter((change) => {
      const facts = changeFacts<Change>(change);
      const isBrought = rollback.some(
        ({ change: back }) =>
          back.kind === change.kind && refKey(facts.resourceOf(back)) === refKey(facts.resourceOf(change)) && facts.same(back.after, change.before),
      );
      return !isBrought && !(reversibility === "irreversible" && change.after === null);
    });
    expect(kept, "`rollback` has no change that brings `before` of these back").toEqual([]);
  });

  it.each(acted)("is told apart in the journal, there and back: each step has an id of its own that begins with the action's: %s", (id, _rule, action) => {
    const steps = [
      ...action.steps,
      ...action.steps.flatMap((step) => (step.kind === "change" ? [] : step.lift)),
      ...action.rollback,
      ...(action.afterPass ?? []),
    ];
    const ids = steps.map((step) => step.id);
    expect(ids.filter((each) => !each.startsWith(`${id}#`))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(rules.filter(({ judgedBy }) => judgedBy !== "never-executed"))(
    "is watched by the load balancers where requests would feel it, and not where none could: $id",
    ({ id, judgedBy }) => {
      const changes = acted
        .filter(([, rule]) => rule === id)
        .flatMap(([, , { steps }]) => steps.flatMap((step) => (step.kind === "change" ? [step.change] : [])));
      const isFelt = changes.some((change) => changeFacts<Change>(change).feltBy === "requests");
      expect(judgedBy, `\`judgedBy\` of ${id} beside \`feltBy\` of ${changes.map(({ kind }) => kind).join(", ")}`).toBe(
        isFelt ? "load-balancers" : "nothing-visible",
      );
    },
  );
});

/** Facts that a decision needs and that may be others when it is carried out, each for a reason. */
const movesByItself: readonly string[] = [
  // A change under way ends, and is waited for.
  "dynamodb-table status",
  "aurora-cluster status",
  "rds-instance status",
  "redis-replication-group status",
  "lambda-function state",
  "lambda-function lastUpdate",
  // Policies move it, and it is read again right before it is written.
  "auto-scaling-group desiredCapacity",
  // Other functions take of it and give it back.
  "lambda-function unreservedConcurrency",
];
/** What it is known by: another one would be another resource. */
const identity: readonly string[] = ["kind", "ref", "arn", "name", "cluster"];

describe("what the rules' actions are made of", () => {
  const { resources } = facts.inventory;
  const made = (others: readonly Resource[], rule: Rule): string =>
    JSON.stringify(
      decideAll([rule], { ...facts, inventory: { ...facts.inventory, resources: others } }).map((decision) =>
        decision.kind === "proposal" ? actionsOf(decision).map(({ steps, rollback }) => [steps, rollback]) : decision.kind,
      ),
    );
  const asItIs = new Map(rules.map((rule) => [rule, made(resources, rule)]));
  const tried = rules.flatMap((rule) => {
    const proposed = proposals.find((each) => each.rule === rule.id);
    const resource = resources.find(({ ref }) => proposed !== undefined && refKey(ref) === refKey(proposed.resource));
    return Object.entries(resource ?? {}).flatMap(([name, value]) =>
      othersThan(value).map((other) => ({ id: rule.id, name, rule, resource: resource!, other })),
    );
  });

  it.each(tried.filter(({ name }) => !identity.includes(name)))("is rested on: $id, $name as $other", ({ name, rule, resource, other }) => {
    const turned = resources.map((each) => (each === resource ? { ...each, [name]: other } : each));
    if (movesByItself.includes(`${resource.kind} ${name}`) || made(turned, rule) === asItIs.get(rule)) return;
    const differences = inventoryDifferences(facts.inventory, { ...facts.inventory, resources: turned }, rules);
    expect(differences, `\`restsOn\` leaves out ${name}, though ${rule.id} would decide otherwise by it`).not.toEqual([]);
  });
});

/** Values of a fact's own form that it has not. */
function othersThan(value: unknown): readonly unknown[] {
  if (typeof value === "number") return [value + 1];
  if (typeof value === "boolean") return [!value];
  if (typeof value === "string") return [`another than ${value}`];
  if (Array.isArray(value)) return value.length === 0 ? [] : [value.slice(1)];
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "seen" ? [{ kind: "unseen", reason: "denied" }] : [];
}

type Turn<K extends ResourceKind> = (resource: ResourceOf<K>) => ResourceOf<K>;

/** Each kind of resource while AWS carries out something else on it, or will do so along with ours; or why that stands in nobody's way. */
const busy: { readonly [K in ResourceKind]: Readonly<Record<string, Turn<K>>> | { readonly standsInNoWay: string } } = {
  "load-balancer": { standsInNoWay: "no rule changes a load balancer" },
  "auto-scaling-group": {
    "is being deleted": (group) => ({ ...group, habits: { ...group.habits, status: "Delete in progress" } }),
    "has its instances replaced": (group) => ({ ...group, refresh: "its instance refresh r-1 is InProgress" }),
  },
  "dynamodb-table": { "is being updated": (table) => ({ ...table, status: "UPDATING" }) },
  "aurora-cluster": {
    "is being modified": (cluster) => ({ ...cluster, status: "modifying" }),
    "has members that are being modified": (cluster) => ({ ...cluster, members: cluster.members.map((member) => ({ ...member, status: "modifying" })) }),
    "waits with another engine version": (cluster) => ({ ...cluster, waiting: ["a change of EngineVersion"] }),
  },
  // What waits for the maintenance window is done along with a change of the class alone: its own rule's test has it.
  "rds-instance": { "is being modified": (instance) => ({ ...instance, status: "modifying" }) },
  "redis-replication-group": {
    "is being modified": (group) => ({ ...group, status: "modifying" }),
    "waits with another engine version": (group) => ({ ...group, pending: ["EngineVersion"] }),
  },
  "s3-bucket": { standsInNoWay: "a bucket's lifecycle is replaced at once" },
  "lambda-function": { standsInNoWay: "an update of a function takes AWS seconds, and is waited for before ours" },
  region: { standsInNoWay: "what is under way is a member's of it, and nothing of it is ever run" },
  "ecs-service": { "is being deployed": (service) => ({ ...service, underWay: "its deployment is IN_PROGRESS" }) },
};

function turnsOf(kind: ResourceKind): readonly (readonly [what: string, turn: Turn<ResourceKind>])[] {
  const turns = busy[kind];
  return "standsInNoWay" in turns ? [] : (Object.entries(turns) as readonly (readonly [string, Turn<ResourceKind>])[]);
}

describe("what AWS is busy with", () => {
  const cases = rules.flatMap((rule) => turnsOf(rule.resourceKind).map(([what, turn]) => ({ id: rule.id, what, rule, turn })));

  it.each(cases)("is waited for, not changed besides: $id of what $what", ({ id, rule, turn }) => {
    const resources = facts.inventory.resources.map((resource) => (resource.kind === rule.resourceKind ? turn(resource) : resource));
    const own = decideAll([rule], { ...facts, inventory: { ...facts.inventory, resources } });
    expect(own).not.toEqual([]);
    const proposed = own.flatMap((decision) => (decision.kind === "proposal" ? [decision.action.id] : []));
    expect(proposed, `${id} proposes in the middle of another change`).toEqual([]);
  });
});

describe("what a window watches of the changed resource itself", () => {
  const watched = rules.filter(({ judgedBy, nothingOfItsOwn }) => judgedBy === "load-balancers" && nothingOfItsOwn === undefined);

  it.each(watched.map(({ id }) => id))("stands in each of the actions: %s", (id) => {
    const own = acted.filter(([, rule]) => rule === id);
    const unwatched = own.filter(([, , { checks = [] }]) => checks.length === 0).map(([action]) => action);
    expect(own).not.toEqual([]);
    expect(unwatched, `the \`checks\` of ${id} have nothing to say of these, which it proposes in \`account()\` above`).toEqual([]);
  });

  it.each(acted.filter(([, , { checks = [] }]) => checks.length > 0))("is read in its region, by the slot, of metrics that are known: %s", (_, __, action) => {
    for (const { name, series } of action.checks ?? []) {
      expect(series, name).not.toEqual([]);
      expect(new Set(series.map(({ region, periodSeconds }) => `${region} ${periodSeconds}`)), name).toEqual(new Set([`${action.region} 900`]));
      expect(
        series.filter((key) => metricOf(key) === undefined),
        name,
      ).toEqual([]);
    }
  });
});

describe("what the rules write back", () => {
  const written = proposals.flatMap((proposal) => actionsOf(proposal).flatMap(({ writeBack }) => writeBack.map((change) => [proposal.rule, change] as const)));
  const placeOf = ({ type, id }: SizingChange): string => {
    const path = pathOf[type];
    if (path === undefined) throw new Error(`no component is known by the type ${type}`);
    return path(id);
  };

  it.each(rules.filter(({ judgedBy }) => judgedBy !== "never-executed").map(({ id }) => id))("is something: %s", (id) => {
    const proposing = written.map(([rule]) => rule);
    expect(proposing, `${id} proposes nothing that is adopted in \`account()\` above: add a resource there for which it does`).toContain(id);
  });

  it.each(acted)("is taken back out of a sizing file by what the action's own changes found before: %s", (_id, _rule, action) => {
    for (const change of action.writeBack) {
      const back = revertedChange(action, change);
      const written = mergeSizing(emptySizing, placeOf(change), change);
      expect(back, `nothing says what ${change.property} was before`).toBeDefined();
      const isSame = back?.operation === change.operation && back.value === change.value;
      expect(canonicalJson(mergeSizing(written, placeOf(change), back ?? change)) === canonicalJson(written), `${change.property} stays`).toBe(isSame);
    }
  });

  it.each(written)("%s: is a property that a sizing file knows, as often as it is adopted: %o", (_, change) => {
    const once = mergeSizing(emptySizing, placeOf(change), change);
    expect(once).not.toEqual(emptySizing);
    expect(mergeSizing(once, placeOf(change), change)).toEqual(once);
  });
});

describe("whatever the account looks like", () => {
  const short = account(14);
  const policedFacts = (decision: "guarded" | "literal") => short.policed({ baselineDays: 14, rules: { decision } }).facts(rules);
  // From what an operating system holds of such an instance on: less is no measurement.
  const load = fc.double({ min: 0.1, max: 100, noNaN: true });

  it("more demand never turns a refusal into a proposal of the same or a smaller size", () => {
    const sizes = ["m5.2xlarge", "m5.4xlarge"];
    fc.assert(
      fc.property(load, load, fc.constantFrom("cpu", "memory"), (base, more, dimension) => {
        const at = (value: number) => {
          const seen = groupSees(
            aWorld()
              .policed({ baselineDays: 14 })
              .with(aGroup({ instanceType: "m5.8xlarge" })),
            "web",
            { cpu: 10, memory: 10, [dimension]: value },
          );
          const [decision] = decideAll([ruleOf("asg.instance-type")], seen.facts(ruleOf("asg.instance-type")));
          return decision?.kind === "proposal" ? sizes.indexOf(decision.to) : sizes.length;
        };
        expect(at(base + more)).toBeGreaterThanOrEqual(at(base));
      }),
      { numRuns: 40 },
    );
  });

  it("no proposal ever touches a tenant's resource", () => {
    const factsOf = { guarded: policedFacts("guarded"), literal: policedFacts("literal") };
    const marks = fc.array(fc.boolean(), { minLength: short.inventory.resources.length, maxLength: short.inventory.resources.length });
    fc.assert(
      fc.property(marks, fc.constantFrom("TenantId", "tenant-id", "TENANT"), fc.constantFrom("guarded", "literal"), (marked, tag, decision) => {
        const facts = factsOf[decision];
        const resources = facts.inventory.resources.map((resource, at) => (marked[at] === true ? { ...resource, tags: tagged({ [tag]: "" }) } : resource));
        const tenants = new Set(resources.filter((_, at) => marked[at] === true).map(({ ref }) => JSON.stringify(ref)));
        const decisions = decideAll(rules, { ...facts, inventory: { ...facts.inventory, resources } });
        expect(decisions.some((one) => one.kind === "proposal" && tenants.has(JSON.stringify(one.resource)))).toBe(false);
        const skipped = decisions.filter((one) => one.kind === "skip" && one.code === "tenant-resource").map(({ resource }) => JSON.stringify(resource));
        expect(new Set(skipped)).toEqual(tenants);
      }),
      { numRuns: 20 },
    );
  });

  it("missing data never make a proposal that whole data would not", () => {
    /** Rules that a gap in each metric refuses; what else stands or falls with it is those rules' own business. */
    const asked = [
      [metrics.ec2Cpu, "asg.capacity", "asg.instance-type"],
      [metrics.ec2NetworkIn, "asg.capacity", "asg.instance-type"],
      [metrics.ec2NetworkOut, "asg.capacity", "asg.instance-type"],
      [metrics.agentMemory, "asg.capacity", "asg.instance-type"],
      [metrics.rdsCpu, "aurora.writer-class"],
      [metrics.rdsConnections, "aurora.writer-class"],
      [metrics.rdsHitRatio, "aurora.writer-class"],
      // Nothing else shows that the table's stream was not read; its index has points of its own.
      [metrics.dynamoWrites, "dynamodb.unread-stream"],
    ] as const;
    const proposed = (one: World, which: readonly Rule[]) =>
      decideAll(which, one.facts(which)).flatMap((decision) => (decision.kind === "proposal" && decision.resource.region === primary ? [decision.rule] : []));
    const whole = proposed(short, rules);
    /** On the other kinds of resource nothing is seen of it. */
    const beside = (metric: Metric): readonly Rule[] => {
      const kinds = rules
        .filter((rule) => rule.demands(short.inventory, short.policy).some((key) => metricOf(key) === metric))
        .map((rule) => rule.resourceKind);
      return rules.filter(({ resourceKind }) => kinds.includes(resourceKind));
    };
    expect(whole).toEqual(expect.arrayContaining(asked.flatMap(([, ...refused]) => refused)));
    fc.assert(
      fc.property(fc.constantFrom(...asked), fc.integer({ min: 2, max: 9 }), ([metric, ...refused], every) => {
        const named = ["web", "aurora-1", "tenants", "tenants/by-email"];
        const gappy = named.reduce((seen, name) => seen.sees(metric, name, (hour) => (Math.floor(hour) % every === 0 ? Number.NaN : 10)), short);
        const left = proposed(gappy, beside(metric));
        expect(whole).toEqual(expect.arrayContaining(left));
        expect(refused.filter((rule) => left.includes(rule))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
