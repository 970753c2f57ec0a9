import type { Action, ChangeStep, SizingChange } from "../../model/action.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { inverse, type ChangeOf } from "../change-kinds.ts";
import type { FunctionSize } from "./changes.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

export function sizeText({ memoryMb, timeoutSeconds }: FunctionSize): string {
  return `${memoryMb} MB, ${timeoutSeconds} s`;
}

/** Memory and time-out are one call: no moment has one without the other. */
export function functionAction(subject: Subject, { ref, memoryMb, timeoutSeconds }: LambdaFunction, to: FunctionSize): Action {
  const id = actionId(subject);
  const before: FunctionSize = { memoryMb, timeoutSeconds };
  const change: ChangeOf<"lambda.configuration"> = { kind: "lambda.configuration", region: ref.region, functionName: ref.id, before, after: to };
  const step = (way: "forward" | "rollback", each: ChangeOf<"lambda.configuration">): ChangeStep => ({
    kind: "change",
    id: `${id}#${way}:configuration`,
    change: each,
    description: `${ref.id}: ${sizeText(each.before)} → ${sizeText(each.after)}`,
  });
  return {
    id,
    rule: subject.rule,
    phase: 2,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: ${sizeText(before)} → ${sizeText(to)}`,
    steps: [step("forward", change)],
    rollback: [step("rollback", inverse(change))],
    reversibility: "immediate",
    undoMinutes: minutesOf(changeSeconds.functionUpdate),
    disruptions: [],
    writeBack: [...set(ref.id, "memoryMib", memoryMb, to.memoryMb), ...set(ref.id, "timeoutSeconds", timeoutSeconds, to.timeoutSeconds)],
  };
}

function set(id: string, property: string, before: number, value: number): readonly SizingChange[] {
  return before === value ? [] : [{ type: "aws_lambda_function", id, property, operation: "set", value }];
}
