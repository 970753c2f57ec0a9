/** `tsx bench/command-line.ts [runs]`: what the command line costs before it does anything, beside Node itself. */
import { inScratch, inTurn, type Measurement, measureNode, medianOf, runs, show } from "./measure.ts";

await inScratch(async (scratch) => {
  const measured = inTurn({
    node: () => measureNode(scratch, ["-e", "0"]),
    version: () => measureNode(scratch, ["bin/optimizer.js", "--version"]),
    help: () => measureNode(scratch, ["bin/optimizer.js", "--help"]),
    runs: () => measureNode(scratch, ["bin/optimizer.js", "runs", "--state", scratch]),
  });
  const node = medianOf(measured.node);
  const row = (name: string, of: readonly Measurement[], goal = ""): [string, ...string[]] => {
    const { seconds, memoryMib } = medianOf(of);
    return [name, `${(seconds * 1000).toFixed(0)} ms`, `${memoryMib.toFixed(0)} MiB`, `ratio ${(seconds / node.seconds).toFixed(2)}`, goal];
  };
  show(`Command line: medians of ${runs}`, [
    row("node -e 0", measured.node),
    row("optimizer --version", measured.version),
    row("optimizer --help", measured.help, "goal: near node -e 0"),
    row("optimizer runs", measured.runs),
  ]);
});
