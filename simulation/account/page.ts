/** One page of a listing; `next` is the marker of the page after it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** A page that starts at a marker which an earlier page gave; `undefined` for a marker that no page gave. */
export function pageOf<T>(items: readonly T[], marker: string | undefined, size: number): Page<T> | undefined {
  const start = marker === undefined || marker === "" ? 0 : markedPlace(marker);
  if (start === undefined || start > items.length) return undefined;
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? Buffer.from(`from:${end}`).toString("base64") : undefined };
}

function markedPlace(marker: string): number | undefined {
  const place = /^from:(\d+)$/.exec(Buffer.from(marker, "base64").toString("utf8"))?.[1];
  return place === undefined ? undefined : Number(place);
}
