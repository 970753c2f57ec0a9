import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { differingFields, optionsSet, unqueuedLine, waitLine } from "../../../../optimizer/core/levers/change-facts.ts";

describe("the fields in which two states differ", () => {
  it.each<readonly [string, unknown, unknown, readonly string[]]>([
    ["are none of equal states", { a: 1, b: [2] }, { b: [2], a: 1 }, []],
    ["are named by their path", { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, ["a.c is 3, was 2"]],
    ["are none that an older plan did not capture", { a: undefined, b: 1 }, { a: 5, b: 1 }, []],
    ["are those that are not there any more", { a: 1 }, {}, ["a is null, was 1"]],
    ["are the whole where it is no record", { a: 1 }, null, ['it is null, was {"a":1}']],
    ["are none where nothing is nothing", { a: null }, {}, []],
  ])("%s", (_, prior, found, differing) => {
    expect(differingFields(prior, found)).toEqual(differing);
  });
});

describe("the options of a command", () => {
  const options = { least: "--min-size", wanted: "--desired-capacity", most: "--max-size" };

  it.each<readonly [string, Partial<Record<keyof typeof options, number>>, typeof options | { readonly most: string }, readonly string[]]>([
    ["those of the numbers that move, in their order", { least: 2, most: 9 }, options, ["--min-size 2", "--max-size 9"]],
    ["none where nothing moves", {}, options, []],
    ["those that it has an option for", { least: 2, most: 9 }, { most: "--max-size" }, ["--max-size 9"]],
    ["that of a number that becomes none", { least: 0 }, options, ["--min-size 0"]],
  ])("are %s", (_, after, of, expected) => {
    const before = { least: 4, wanted: 6, most: 12 };
    expect(optionsSet(before, { ...before, ...after }, of)).toEqual(expected);
  });
});

describe("a line that waits", () => {
  /** How often it waits and what it says, of AWS's answers one after the other. */
  function played(line: string, ...answers: readonly string[]): { readonly waits: number; readonly said: string } {
    const cases = answers.map((answer, at) => `${at}) printf '%s\\n' '${answer}' ;;`).join(" ");
    const script = `n=0; sleep() { n=$((n + 1)); [ "$n" -lt 9 ] || exit 9; }; aws() { case $n in ${cases} esac; }; ${line}; echo "waited $n"`;
    const { stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    expect(stderr).toBe("");
    const [, said = "", waits = ""] = /^(.*?)\s*waited (\d+)\s*$/s.exec(stdout) ?? [];
    return { waits: waits === "" ? Number.NaN : Number(waits), said };
  }
  const until = () => waitLine("until", "aws x describe", "Status", "db.r6g.large");
  const during = () => waitLine("while", "aws x describe", "States[]", "Pending", "Terminating");
  const queued = () => unqueuedLine("aws x describe", "values(Pending)");

  it.each<readonly [string, () => string, readonly string[], number]>([
    ["until the answer is the word", until, ["creating", "db.r6g.large"], 1],
    ["not at all where it is", until, ["db.r6g.large"], 0],
    ["while the word is a part of another, or looks like it", until, ["db.r6g.large2", "dbXr6gXlarge", "db.r6g.large"], 2],
    ["while any of the words is among what is told", during, ["InService\tPending", "Terminating", "InService\tInService"], 2],
    ["not for a word that begins like one of them", during, ["PendingX\tTerminatingY"], 0],
    ["not where nothing is told", during, [""], 0],
    ["while something is queued, however much", queued, ["1", "20", "0"], 2],
  ])("waits %s", (_, line, answers, waits) => {
    expect(played(line(), ...answers).waits).toBe(waits);
    expect(line()).toContain("sleep 30");
  });

  it("waits for ever where the word never comes", () => {
    expect(played(until(), "failed").waits).toBeNaN();
  });

  it("says for what it waits where something is queued, and nothing where nothing is", () => {
    const words = "waits: something is queued for the maintenance window, and the next line would carry it out at once";
    expect(played(queued(), "1", "0").said).toBe(words);
    expect(played(queued(), "0").said).toBe("");
  });
});
