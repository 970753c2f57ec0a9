/** Bytes that a chunk may have: large enough that few are written, small enough to stay in the processor's cache. */
const chunkBytes = 1024 * 1024;
/** UTF-8 takes no more for one UTF-16 unit. */
const mostBytesPerUnit = 3;

/**
 * A text that comes in parts, as bytes: many small parts together, each chunk in the same buffer as the one before, so that a text of hundreds of
 * megabytes leaves nothing behind. A chunk is whoever's who takes it until the next is asked for.
 */
export function* utf8Chunks(parts: readonly string[] | Generator<string>): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(Array.isArray(parts) ? mostBytes(parts) : chunkBytes);
  let used = 0;
  for (const part of parts) {
    const most = part.length * mostBytesPerUnit;
    if (used > 0 && used + most > buffer.length) {
      yield buffer.subarray(0, used);
      used = 0;
    }
    if (most > buffer.length) yield Buffer.from(part, "utf8");
    else used += buffer.write(part, used, "utf8");
  }
  if (used > 0) yield buffer.subarray(0, used);
}

/** A short text takes a short chunk. */
function mostBytes(parts: readonly string[]): number {
  return Math.min(
    chunkBytes,
    parts.reduce((sum, { length }) => sum + length * mostBytesPerUnit, 0),
  );
}
