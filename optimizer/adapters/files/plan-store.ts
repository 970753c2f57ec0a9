import { join } from "node:path";
import { canonicalCopy, jsonPartsOf } from "../../../contract/canonical-json.ts";
import { UserError } from "../../../contract/user-error.ts";
import { decodeBaseline, encodeBaseline } from "../../core/model/baseline-codec.ts";
import { current } from "../../core/model/older-plans.ts";
import { hashOf, sha256Hex } from "../../core/model/hash.ts";
import type { FrozenBaseline } from "../../core/model/observation.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { MadePlan, PlanStore, StoredPlan } from "../../ports/run-store.ts";
import { makeFolder, namesIn, readBytesIfThere, readFileIfThere, replaceFile, writeHashed } from "./durable-files.ts";
import { redact, redactText } from "../../core/model/secret-text.ts";
import { shownWebhookUrl } from "../../core/model/webhook-url.ts";
import { Interrupted } from "../../errors.ts";
import { readNamedFile } from "../../named-file.ts";
import { fileErrorCode, withStateErrors } from "./state-errors.ts";
import { findStateFolder, openStateFolder } from "./state-folder.ts";
import { checkedId } from "./state-ids.ts";

/** Plans of version 1 are read as they are: what they lack is optional. */
const planVersions: readonly unknown[] = [1, 2];

/** Beside plan.json, readable for its owner alone; only where the policy says a URL. */
const webhookFile = "webhook-url.txt";

/**
 * `plans/<sha256 of the plan's canonical JSON>/{plan.json,outputs.json,baseline.txt}`. plan.json gets its name last, so a plan that
 * can be loaded is whole. A plan that is not byte for byte what was stored is refused.
 */
export function createPlanStore(folder: string): PlanStore {
  const inState = <T>(operate: (root: string) => Promise<T>): Promise<T> => withStateErrors(folder, async () => operate(await openStateFolder(folder)));

  /** Works on a read-only disk. */
  const looking = <T>(operate: (root: string) => Promise<T>): Promise<T> =>
    withStateErrors(folder, async () => operate((await findStateFolder(folder)) ?? folder));

  /** The same bytes again are the same plan again: a command needs it before it has the lease, and under it. */
  const loaded = new Map<string, { readonly bytes: Buffer; readonly stored: StoredPlan }>();

  /** The bytes of the baseline first, whose hash the plan names, then those of the plan, whose hash its folder is named by; its own name after all others. */
  async function save(root: string, made: MadePlan, outputs: string): Promise<StoredPlan> {
    const plans = await makeFolder(root, "plans");
    return writeHashed(plans, encodeBaseline(made.baseline), async (baselineHash, nameBaseline) => {
      const whole = made.planOn(baselineHash);
      const { webhookUrl } = whole.policy.paging;
      const plan = canonicalCopy(redact(withoutWebhookUrl(whole)));
      return writeHashed(plans, jsonPartsOf(plan), async (hash, namePlan) => {
        const planFolder = await makeFolder(root, "plans", hash);
        await replaceFile(join(planFolder, "outputs.json"), [redactText(outputs)]);
        await nameBaseline(join(planFolder, "baseline.txt"));
        if (webhookUrl !== undefined) await replaceFile(join(planFolder, webhookFile), [webhookUrl]);
        await namePlan(join(planFolder, "plan.json"));
        return { hash, plan };
      });
    });
  }

  async function load(root: string, hash: string): Promise<StoredPlan> {
    const path = join(root, "plans", checkedId("plan hash", hash), "plan.json");
    const bytes = readBytesIfThere(path);
    if (bytes === undefined) throw unknownPlan(`There is no plan ${hash} in ${folder}`);
    const known = loaded.get(hash);
    if (known?.bytes.equals(bytes) === true) return known.stored;
    const plan = parsePlan(bytes.toString("utf8"), path);
    // What is stored is canonical; a copy with other white space is the same plan.
    if (sha256Hex(bytes) !== hash && hashOf(plan) !== hash) throw unknownPlan(`${path} was altered: its content is not what its folder's name says`);
    const stored = { hash, plan: current(plan) };
    loaded.set(hash, { bytes, stored });
    return stored;
  }

  async function loadFile(root: string, path: string): Promise<StoredPlan> {
    const hash = hashOf(parsePlan(await textOf(path), path));
    if (!(await namesIn(join(root, "plans"))).includes(hash))
      throw unknownPlan(`${path} is no plan of ${folder}: it was altered, or made with another --state`);
    return load(root, hash);
  }

  function baselineHashOf(planHash: string, bytes: Buffer): string {
    const known = loaded.get(planHash);
    return known?.bytes.equals(bytes) === true ? known.stored.plan.baselineHash : parsePlan(bytes.toString("utf8"), planHash).baselineHash;
  }

  async function baseline(root: string, hash: string): Promise<FrozenBaseline> {
    checkedId("baseline hash", hash);
    for (const planHash of await namesIn(join(root, "plans"))) {
      const stored = readBytesIfThere(join(root, "plans", planHash, "plan.json"));
      if (stored === undefined || baselineHashOf(planHash, stored) !== hash) continue;
      const path = join(root, "plans", planHash, "baseline.txt");
      const bytes = readBytesIfThere(path);
      // Another plan may have been made from the same.
      if (bytes === undefined) continue;
      const found = decodeBaseline(bytes);
      if (found.hash !== hash) throw unknownPlan(`${path} was altered: it is not the baseline that the plan was made from`);
      return found;
    }
    throw new UserError({ code: "baseline-unknown", message: `${folder} holds no baseline ${hash}`, hint: "Make the plan again with this --state." });
  }

  return {
    save: (made, outputs) => inState((root) => save(root, made, outputs)),
    load: (hash) => looking((root) => load(root, hash)),
    loadFile: (path) => looking((root) => loadFile(root, path)),
    baseline: (hash) => looking((root) => baseline(root, hash)),
    webhookUrl: (hash) => looking((root) => readFileIfThere(join(root, "plans", checkedId("plan hash", hash), webhookFile))),
  };
}

/** As the plan is shown, stored and hashed: two URLs make two plans, and neither can be read from its plan. */
function withoutWebhookUrl({ policy, ...plan }: Plan): Plan {
  const { webhookUrl } = policy.paging;
  if (webhookUrl === undefined) return { ...plan, policy };
  return { ...plan, policy: { ...policy, paging: { ...policy.paging, webhookUrl: shownWebhookUrl(webhookUrl) } } };
}

/** Checks the version only: whether the rest is as it was written, the hash tells. */
function parsePlan(text: string, path: string): Plan {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UserError({ code: "plan-invalid", message: `${path} is not JSON`, hint: "Pass the plan.json that `optimizer plan` wrote.", cause });
  }
  const version = typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined;
  if (planVersions.includes(version)) return parsed as Plan;
  throw new UserError({
    code: "plan-version",
    message: `${path} has the plan version ${JSON.stringify(version)}; this optimizer knows ${planVersions.join(" and ")}`,
    hint: "Make the plan again with this optimizer, or run it with the one that made it.",
  });
}

async function textOf(path: string): Promise<string> {
  try {
    return (await readNamedFile(path)).toString("utf8");
  } catch (error) {
    if (error instanceof Interrupted || error instanceof UserError) throw error;
    const code = fileErrorCode(error);
    const problem = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code ?? String(error)})`;
    throw new UserError({ code: "plan-missing", message: `${path}: ${problem}`, hint: "Pass the plan.json that `optimizer plan` wrote.", cause: error });
  }
}

function unknownPlan(message: string): UserError {
  return new UserError({ code: "plan-unknown", message, hint: "Make the plan again with `optimizer plan`, and run exactly that file." });
}
