import { describe, expect, it } from "vitest";
import { readSettings, type SettingsSources } from "../../stacks/settings/settings.ts";
import { settingsWarnings } from "../../stacks/settings/settings-warnings.ts";
import { sources, stateBucket } from "../support/synthesized-stacks.ts";
import { refusal } from "../support/web-stacks.ts";

function stateWarning(from: SettingsSources) {
  return settingsWarnings(readSettings(from)).find(({ path }) => path === "state");
}

describe("production's state on one disk", () => {
  it.each([
    ["saas", "the database's password and the cache's AUTH token in clear text"],
    ["web", "the database's password in clear text"],
    // RDS keeps this one's password.
    ["streaming", "the cache's AUTH token in clear text"],
  ])("of %s is warned of with what is in it, and with the three lines that mend it", (blueprint, secrets) => {
    const warning = stateWarning(sources({ blueprint }));
    expect(warning?.message).toContain(`state/prod/ on this disk alone holds ${secrets}`);
    expect(warning?.hint.split("\n")).toEqual([
      expect.stringContaining("export TAP_STATE_BUCKET="),
      expect.stringContaining("npm run synth"),
      expect.stringMatching(/primary secondary; do terraform .*init -migrate-state/),
    ]);
  });

  it("is worth a word even where it holds no secret", () => {
    const sizing = { "prod/primary.json": { version: 1, redis: { absent: true } }, "prod/secondary.json": { version: 1, redis: { absent: true } } };
    expect(stateWarning(sources({ blueprint: "streaming" }, sizing))?.message).toContain("holds what Terraform knows of production");
  });

  it("is no matter in a bucket, or of an environment that can be made anew", () => {
    expect(stateWarning(sources({ state: stateBucket }))).toBeUndefined();
    expect(stateWarning({ variables: {}, readSizing: () => undefined })).toBeUndefined();
  });
});

describe("the state's bucket", () => {
  const inFile = { state: { bucket: "in-file", region: "eu-west-1" } };
  const stateOf = (configFile: object, variables: SettingsSources["variables"]) => readSettings({ configFile, variables, readSizing: () => undefined }).state;

  it("may come from the shell, which need not say again what the file says", () => {
    expect(stateOf({}, { TAP_STATE_BUCKET: "in-shell", TAP_STATE_REGION: "us-east-2", TAP_STATE_KMS_KEY_ID: "alias/state" })).toEqual({
      bucket: "in-shell",
      region: "us-east-2",
      kmsKeyId: "alias/state",
    });
    expect(stateOf(inFile, { TAP_STATE_BUCKET: "in-shell" })).toEqual({ bucket: "in-shell", region: "eu-west-1" });
    expect(stateOf(inFile, { TAP_STATE_BUCKET: "" })).toEqual(inFile.state);
  });

  it.each([
    ["without its region", { TAP_STATE_BUCKET: "tap-state" }, "state.region: is not said\n    name bucket and region of the state (TAP_STATE_REGION)"],
    ["without its name", { TAP_STATE_REGION: "eu-west-1" }, "state.bucket: is not said\n    name bucket and region of the state (TAP_STATE_BUCKET)"],
    ["without either", { TAP_STATE_KMS_KEY_ID: "alias/state" }, "the settings have 2 problems"],
    [
      "of a name that S3 does not take",
      { TAP_STATE_BUCKET: "State", TAP_STATE_REGION: "eu-west-1" },
      "the settings have a problem:\n  - TAP_* variables: state.bucket: not the name of a bucket",
    ],
  ])("is refused %s", (_, variables, expected) => {
    expect(refusal({ variables, readSizing: () => undefined })).toContain(expected);
  });
});
