/** `npm run bench [runs]`: every benchmark in turn. Prints figures beside their goals and asserts none of them; fails when a measured command fails. */
import { spawnSync } from "node:child_process";

for (const name of ["synth", "command-line", "planning", "simulated-run", "own-time", "metric-requests"]) {
  const { status } = spawnSync(process.execPath, ["--import", "tsx", `bench/${name}.ts`, ...process.argv.slice(2)], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  process.stdout.write("\n");
}
