import type { Change, ChangeKind, ChangeOf } from "./change.ts";

/** The way back: the same change with `before` and `after` exchanged. */
export function inverse(change: Change): Change {
  return exchange(change as ChangeOf<ChangeKind>);
}

function exchange<C extends Change>(change: C): C {
  return { ...change, before: change.after, after: change.before };
}
