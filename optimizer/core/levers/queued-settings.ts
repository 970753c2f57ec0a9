/** A setting that somebody has queued for the maintenance window. */
export interface QueuedSetting {
  /** In AWS's word: `EngineVersion`. */
  readonly name: string;
  readonly present: unknown;
  readonly wanted: unknown;
}

/** What somebody else has queued for the maintenance window, and what AWS would carry out at once along with a change of ours. */
export interface Queued {
  /** Each in words: `EngineVersion (8.0.39, to become 8.4.3)`. */
  readonly settings: readonly string[];
  /** The shell line that sets each back to what it is, which takes it off the queue; null where AWS's CLI has no way to do so. */
  readonly cancel: string | null;
}

/** How a setting is set by a service's CLI; undefined where it cannot be set back, such as a password, whose value nobody tells. */
export type SettingOption = (name: string, value: unknown) => string | undefined;

/**
 * `command` is the CLI's command up to the settings. Set back at once, since what is only queued anew may be carried out all the same
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html).
 */
export function queuedOf(settings: readonly QueuedSetting[], { command, option }: { readonly command: string; readonly option: SettingOption }): Queued {
  const known = settings.flatMap(({ name, present }) => option(name, present) ?? []);
  return {
    settings: settings.map(settingWords),
    cancel: known.length === settings.length && known.length > 0 ? `${command} ${known.join(" ")} --apply-immediately` : null,
  };
}

/** A state in which AWS waits with what somebody else has queued. */
export function waitingWith(resource: string, queued: Queued) {
  return { kind: "mixed", detail: `${resource} waits for its maintenance window with a change of ${queued.settings.join(", ")}`, queued } as const;
}

/** What is neither a word nor a number is named alone: some are lists, and a password is shown to nobody. */
function settingWords({ name, present, wanted }: QueuedSetting): string {
  const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain(wanted) && isPlain(present) && !/password/i.test(name) ? `${name} (${String(present)}, to become ${String(wanted)})` : name;
}
