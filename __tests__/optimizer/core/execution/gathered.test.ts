import fc from "fast-check";
import { expect, it } from "vitest";
import { gatheredFrom } from "../../../../optimizer/core/execution/gathered.ts";
import type { JournalRecord } from "../../../../optimizer/core/model/journal-record.ts";

const record = (seq: number): JournalRecord => ({
  v: 1,
  seq,
  prev: "",
  epoch: 1,
  run: "r",
  account: "a",
  region: null,
  phase: null,
  op: null,
  at: seq,
  type: "CRED_LOST",
  body: { detail: "" },
});
const all = Array.from({ length: 12 }, (_, index) => record(index + 1));
const numbersIn = ({ seq }: JournalRecord): readonly number[] => (seq % 3 === 0 ? [] : [seq, -seq]);

it("says of any beginning of a journal what all of its records say, in whatever order it is asked", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: all.length })), (lengths) => {
      const gathered = gatheredFrom(numbersIn);
      for (const length of lengths) expect(gathered(all.slice(0, length))).toEqual(all.slice(0, length).flatMap(numbersIn));
    }),
  );
});

it("reads a journal anew in which another record stands", () => {
  const gathered = gatheredFrom(numbersIn);
  gathered(all.slice(0, 5));
  const otherwise = [...all.slice(0, 4), record(20), record(22)];
  expect(gathered(otherwise)).toEqual(otherwise.flatMap(numbersIn));
});

it("reads each record once, and changes nothing of what it said before", () => {
  const read: number[] = [];
  const gathered = gatheredFrom(({ seq }) => {
    read.push(seq);
    return [seq];
  });
  const before = gathered(all.slice(0, 2));
  gathered(all.slice(0, 4));
  expect(read).toEqual([1, 2, 3, 4]);
  expect(before).toEqual([1, 2]);
});
