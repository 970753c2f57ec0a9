import { expect, it } from "vitest";
import { beginStudy, oncePerInStudy, oncePerNameInStudy } from "../../../../optimizer/core/model/study-memory.ts";

it("makes a figure once in each study, equal things apart", () => {
  const made: unknown[] = [];
  const [a, b] = [{ name: "web" }, { name: "web" }];
  const asked = oncePerInStudy((of: object) => made.push(of));
  beginStudy();
  expect([a, b, a, b].map(asked)).toEqual([1, 2, 1, 2]);
  beginStudy();
  expect([b, b, a].map(asked)).toEqual([3, 3, 4]);
  expect(made).toEqual([a, b, b, a]);
});

it("makes it once in each study by name", () => {
  const made: string[] = [];
  const asked = oncePerNameInStudy<number>();
  const group = {};
  const figures = (): readonly number[] => ["peak", "mean", "peak"].map((name) => asked(group, name, () => made.push(name)));
  beginStudy();
  expect(figures()).toEqual([1, 2, 1]);
  beginStudy();
  expect(figures()).toEqual([3, 4, 3]);
});

it("keeps what is made before any study, and forgets it when one begins", () => {
  const asked = oncePerInStudy((of: { count: number }) => (of.count += 1));
  const counted = { count: 0 };
  expect([asked(counted), asked(counted)]).toEqual([1, 1]);
  beginStudy();
  expect([asked(counted), asked(counted)]).toEqual([2, 2]);
});
