import type { ActionName, Answer } from "../simulated-run.ts";

/** What somebody made of a resource after the plan was made: as AWS tells of it from then on. */
export interface Becoming {
  readonly what: string;
  /** The fact of the resource's form by which it is told; `undescribed` where AWS's answer fits no such resource at all. */
  readonly fact: string;
  readonly by: ActionName;
  readonly answer: Answer;
  /** What is said of it. */
  readonly said: RegExp;
  /** What a window that is open makes of it, where it does not go on: what was set is not as it was left. */
  readonly inWindow?: "left alone";
}

/** As a command is answered from then on. */
export function told(command: string, change: (output: never) => object): Answer {
  return (name, output) => (name === command ? { ...output, ...change(output as never) } : output);
}

/** Nobody finds it any more, by any of these commands. */
export const gone =
  (error: string, commands: RegExp): Answer =>
  (command, output) => {
    if (commands.test(command)) throw Object.assign(new Error("it is not found"), { name: error });
    return output;
  };

/** Deleted by somebody, whichever change of it is under way. */
export function vanishing(by: readonly ActionName[], answer: Answer): readonly Becoming[] {
  return by.map((name) => ({
    what: `vanishes (${name})`,
    fact: "undescribed",
    by: name,
    answer,
    said: /not found|no (?:Auto Scaling group|replication group|service)|could not be read/,
    inWindow: "left alone",
  }));
}
