import { defineConfig } from "vitest/config";

/** They synthesize, and change nothing that another could see: loading cdktf once for all of them takes half the time. */
const stacks = ["__tests__/{stacks,constructs,scripts}/**/*.test.ts"];
/** They play whole runs, day by day, try thousands of windows or each rule on hundreds of series, or synthesize dozens of stacks: minutes in all. */
const runs = [
  "__tests__/stacks/staging-options-safety.test.ts",
  "__tests__/{scenarios,golden,fault-schedules}/**/*.test.ts",
  "__tests__/optimizer/commands/demo.test.ts",
  "__tests__/optimizer/app/{advance-crash,became-another-kind,collect-baseline,commands-beside-others,commands-for-a-person,made-anew}.test.ts",
  "__tests__/optimizer/app/{no-fargate-capacity,queued-by-others,reads-on-the-way-back,rollback-endurance,somebody-elses-hand,tagged-meanwhile}.test.ts",
  "__tests__/optimizer/app/{unanswered-polls,way-back-goes-on}.test.ts",
  "__tests__/optimizer/adapters/terraform-outputs/output-properties.test.ts",
  "__tests__/optimizer/adapters/aws/asg/there-and-back.test.ts",
  "__tests__/optimizer/core/levers/{distorted-series,nothing-to-change,whatever-the-load}.test.ts",
  "__tests__/optimizer/core/observation/{window-table,statistics}.test.ts",
];
/** They start the command line as its users do, dozens of times, or processes that compete for a file, or wait for real time-outs. */
const processes = [
  "__tests__/optimizer/adapters/pagers/*.test.ts",
  "__tests__/optimizer/adapters/aws/watched-calls.test.ts",
  "__tests__/optimizer/cli/**/*.test.ts",
  "__tests__/main.test.ts",
  "__tests__/optimizer/adapters/files/{lock-file,killed-process}.test.ts",
  "__tests__/optimizer/adapters/pagers/webhook-over-tls.test.ts",
  "__tests__/simulation/account/file-account-store.test.ts",
];
const realParts = ["__tests__/crash/**", "__tests__/deploy/**", "__tests__/browser/**", "__tests__/terminal/**", "__tests__/package/**"];
/** Deploys what `npm run test:deploy` is asked for with `--all` or `--only`. */
const everyBlueprint = ["__tests__/deploy/every-blueprint.test.ts"];

/** Only to end what hangs: no test says anything about time, and a busy machine must not fail one. */
const busyMachineMs = 180_000;

/** The first four need only Node and run in `npm test`, `unit` and `stacks` in `npm run check` too; the others need time or real parts and have scripts of their own. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          isolate: false,
          include: ["__tests__/**/*.test.ts"],
          exclude: [...realParts, ...processes, ...runs, ...stacks],
          env: { NO_COLOR: "1" },
          testTimeout: busyMachineMs,
          hookTimeout: busyMachineMs,
        },
      },
      {
        test: {
          name: "stacks",
          include: stacks,
          exclude: runs,
          env: { NO_COLOR: "1" },
          isolate: false,
          testTimeout: busyMachineMs,
          hookTimeout: busyMachineMs,
        },
      },
      {
        test: {
          name: "runs",
          include: runs,
          env: { NO_COLOR: "1" },
          isolate: false,
          testTimeout: busyMachineMs,
          hookTimeout: busyMachineMs,
        },
      },
      {
        test: {
          name: "processes",
          include: processes,
          env: { NO_COLOR: "1" },
          testTimeout: busyMachineMs,
          hookTimeout: 5 * busyMachineMs,
        },
      },
      {
        test: { name: "browser", include: ["__tests__/browser/**/*.test.ts"], env: { NO_COLOR: "1" }, testTimeout: busyMachineMs, hookTimeout: busyMachineMs },
      },
      { test: { name: "terminal", include: ["__tests__/terminal/**/*.test.ts"], testTimeout: busyMachineMs, hookTimeout: busyMachineMs } },
      { test: { name: "package", include: ["__tests__/package/**/*.test.ts"], testTimeout: busyMachineMs, hookTimeout: busyMachineMs } },
      { test: { name: "crash", include: ["__tests__/crash/**/*.test.ts"], globalSetup: "__tests__/crash/set-up.ts", maxWorkers: 2, testTimeout: 7_200_000 } },
      { test: { name: "deploy", include: ["__tests__/deploy/**/*.test.ts"], exclude: everyBlueprint, testTimeout: 7_200_000, hookTimeout: 7_200_000 } },
      { test: { name: "blueprints", include: everyBlueprint, testTimeout: 7_200_000, hookTimeout: 7_200_000 } },
    ],
    coverage: {
      provider: "v8",
      include: ["main.ts", "contract/**", "stacks/**", "constructs/**", "optimizer/**", "simulation/**"],
      // What nobody deploys before it is merged has no branch that nobody tried; what decides has none that no unit test tried.
      thresholds: { "stacks/**": { branches: 100 }, "constructs/**": { branches: 100 }, "optimizer/core/**": { branches: 100 } },
    },
  },
});
