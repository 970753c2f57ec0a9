import { defineConfig } from "vitest/config";

const realParts = ["__tests__/crash/**", "__tests__/deploy/**", "__tests__/browser/**"];

/** Only to end what hangs: no test says anything about time, and a busy machine must not fail one. */
const busyMachineMs = 60_000;

/** `unit` needs only Node and runs in `npm test`; the others need time or real parts and have scripts of their own. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["__tests__/**/*.test.ts"],
          exclude: realParts,
          env: { NO_COLOR: "1" },
          testTimeout: busyMachineMs,
          hookTimeout: busyMachineMs,
        },
      },
      { test: { name: "crash", include: ["__tests__/crash/**/*.test.ts"], globalSetup: "__tests__/crash/set-up.ts", maxWorkers: 2, testTimeout: 600_000 } },
      { test: { name: "deploy", include: ["__tests__/deploy/**/*.test.ts"], testTimeout: 1_800_000, hookTimeout: 1_800_000 } },
    ],
    coverage: { provider: "v8", include: ["main.ts", "contract/**", "stacks/**", "constructs/**", "optimizer/**", "simulation/**"] },
  },
});
