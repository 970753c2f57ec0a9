import { defineConfig } from "vitest/config";

/** The tests of `npm run test:mutants`, without projects: one worker runs them again for each mutant that they reach. */
export default defineConfig({
  test: { isolate: false, include: (process.env["TAP_MUTANT_TESTS"] ?? "").split(" "), env: { NO_COLOR: "1" }, testTimeout: 180_000 },
});
