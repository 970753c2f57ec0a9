/**
 * Every environment variable that the optimizer itself reads, with what it says; docs/reference.md is made from it. Nothing else asks
 * `process.env` (the linter sees to it). What the AWS SDK reads beside them is in its own documentation.
 */
export const environmentVariables = {
  AWS_REGION: "Region that is asked what time it is, `us-east-1` unless said. Regions that are studied come from the outputs, or from `--region`.",
  NO_COLOR: "Set to anything: no colours, as with `--no-color`.",
  FORCE_COLOR: "Set to anything but `0`: colours where standard output is no terminal, too. `NO_COLOR` wins.",
  TERM: "`dumb`: neither colours nor a line that is written anew.",
  LC_ALL: "The first one that is set of `LC_ALL`, `LC_CTYPE` and `LANG`: where it names UTF-8, signs beyond ASCII are printed.",
  LC_CTYPE: "See `LC_ALL`.",
  LANG: "See `LC_ALL`.",
  WT_SESSION: "Set by Windows Terminal, which prints signs beyond ASCII.",
  npm_command: "Set by npm and npx, which do not tell their caller how a program ended after Ctrl-C: the program then reads that key itself.",
} as const satisfies Readonly<Record<string, string>>;

export type EnvironmentVariable = keyof typeof environmentVariables;

/** Empty counts as not set, as programs for terminals have it (https://no-color.org). */
export function environmentVariable(name: EnvironmentVariable): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/** The value of a variable that the policy names (`paging.webhookUrlFrom`). */
export function variableOfPolicy(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

/** For a child process: what this one was given, and what it is told besides. */
export function inheritedEnvironment(besides: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...besides };
}

/** The AWS SDK would warn of Node 20 on every start. */
export function silenceNodeVersionWarning(): void {
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
}
