import type { ServiceEvent } from "../../ports/inventory.ts";

interface Answer {
  readonly Events?:
    | readonly { readonly Date?: Date | undefined; readonly SourceIdentifier?: string | undefined; readonly Message?: string | undefined }[]
    | undefined;
}

/** Events in the form that RDS and ElastiCache share. */
export function toldOf({ Events: events = [] }: Answer): readonly ServiceEvent[] {
  return events.flatMap(({ Date: date, SourceIdentifier: source = "", Message: message = "" }) =>
    date === undefined ? [] : [{ atMs: date.getTime(), source, message }],
  );
}
