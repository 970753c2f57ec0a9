/**
 * As `Promise.all`, but waits for all of them, and of several failures tells the first in order, whichever came first in time: the same troubles
 * then leave the same journal.
 */
export async function allInOrder<T extends readonly unknown[] | []>(work: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
