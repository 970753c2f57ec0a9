import type { Problem } from "./problem.ts";
import type { SourceContent } from "./region-entries.ts";
import type { Settings, StateBucket } from "./settings-model.ts";

/** Field by field: a shell may name the bucket that the file says nothing of. */
export function stateBucketOf(contents: readonly SourceContent[], problems: Problem[]): StateBucket | undefined {
  const said = contents.map(({ configuration }) => configuration.state).filter((state) => state !== undefined);
  if (said.length === 0) return undefined;
  const { bucket, region, kmsKeyId } = Object.assign({}, ...said) as NonNullable<SourceContent["configuration"]["state"]>;
  const missing = (field: string, variable: string): void => {
    problems.push({ path: `state.${field}`, message: "is not said", hint: `name bucket and region of the state (${variable})` });
  };
  if (bucket === undefined) missing("bucket", "TAP_STATE_BUCKET");
  if (region === undefined) missing("region", "TAP_STATE_REGION");
  if (bucket === undefined || region === undefined) return undefined;
  return { bucket, region, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) };
}

/** Warnings for production alone: the state of a disposable environment may lie anywhere. */
export function stateWarnings({ environment, suffix, state, stacks }: Settings): readonly Problem[] {
  if (environment !== "production" || state !== undefined) return [];
  const standing = stacks.filter((stack) => !stack.absent);
  const secrets = [
    ...(standing.some(({ components: { aurora, rds } }) => aurora !== null || rds !== null) ? ["the database's password"] : []),
    ...(standing.some(({ components: { redis } }) => redis !== null) ? ["the cache's AUTH token"] : []),
  ];
  const content = secrets.length === 0 ? "what Terraform knows of production" : `${secrets.join(" and ")} in clear text`;
  return [
    {
      path: "state",
      message: `state/${suffix}/ on this disk alone holds ${content}; without it Terraform knows nothing of what runs`,
      hint: [
        "export TAP_STATE_BUCKET=<a bucket: versioned, encrypted, in nobody's stack> TAP_STATE_REGION=<its region, not the primary's>",
        "npm run synth -- <as before>",
        `for stack in ${stacks.map(({ name }) => name).join(" ")}; do terraform -chdir=cdktf.out/stacks/$stack init -migrate-state; done`,
      ].join("\n    "),
    },
  ];
}
