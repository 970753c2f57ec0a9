/**
 * Adds up vitest's JSON reports and prints `N passed, N failed` alone on a line; exits 1 when anything failed.
 * usage: node scripts/sum-test-reports.mjs FAILED_STEPS REPORT.json …
 * A missing report and, since real parts are required, a skipped test count as failures.
 */
import { existsSync, readFileSync } from "node:fs";

const [failedSteps, ...paths] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const path of paths) {
  if (!existsSync(path)) {
    process.stdout.write(`no report at ${path.split("/").at(-1)}\n`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(path, "utf8"));
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) process.stdout.write(`${skipped} skipped in ${path.split("/").at(-1)}\n`);
  passed += report.numPassedTests;
  failed += report.numFailedTests + skipped;
}
if (failed === 0 && Number(failedSteps) > 0) failed = Number(failedSteps);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
