import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Timeline } from "../../../simulation/account/timeline.ts";

describe("Timeline", () => {
  it("holds each value until the next, and nothing before the first", () => {
    const timeline = new Timeline(100, "a");
    timeline.set(200, "b");
    expect([99, 100, 199, 200, 1e9].map((ms) => timeline.at(ms))).toEqual([undefined, "a", "a", "b", "b"]);
  });

  it("drops what was planned for later when something is set", () => {
    const timeline = new Timeline(100, "a");
    timeline.set(300, "planned");
    timeline.set(200, "b");
    expect(timeline.at(400)).toBe("b");
    timeline.set(500, "c");
    timeline.cutAfter(450);
    expect(timeline.final()).toBe("b");
  });

  it("answers in any order of questions like a plain scan of what was set", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(50), fc.nat(9)), { maxLength: 12 }),
        fc.array(fc.integer({ min: -1, max: 60 }), { minLength: 1 }),
        (steps, questions) => {
          const timeline = new Timeline(0, -1);
          let plain: [number, number][] = [[0, -1]];
          for (const [ms, value] of steps) {
            timeline.set(ms, value);
            plain = [...plain.filter(([moment]) => moment < ms), [ms, value]];
          }
          expect(questions.map((ms) => timeline.at(ms))).toEqual(questions.map((ms) => plain.findLast(([moment]) => moment <= ms)?.[1]));
        },
      ),
    );
  });
});
