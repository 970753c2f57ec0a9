/** What the simulated account does not model: said by name, never answered with a guess. Not retryable. */
export class NotSimulated extends Error {
  override readonly name: string = "NotSimulated";
  readonly $fault = "client";
  readonly $metadata = { httpStatusCode: 501 };

  constructor(what: string) {
    super(`not simulated: ${what}`);
  }
}

/** Refuses input members that the model would have to ignore. */
export function refuseUnmodelled(command: string, input: object, modelled: readonly string[]): void {
  for (const [member, value] of Object.entries(input)) {
    if (value !== undefined && !modelled.includes(member)) throw new NotSimulated(`${command} with ${member}`);
  }
}
