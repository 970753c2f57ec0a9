import type { Action, ChangeStep, SizingChange } from "../../model/action.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { inverse, type ChangeOf } from "../change-kinds.ts";
import type { FunctionSize, Reservation } from "./changes.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";
import { reservedText } from "./reservation.ts";

export function sizeText({ memoryMb, timeoutSeconds }: FunctionSize): string {
  return `${memoryMb} MB, ${timeoutSeconds} s`;
}

/**
 * Memory and time-out are one call: no moment has one without the other. A reservation is another call, and comes first, both there and back: if
 * AWS refuses it, since others reserved meanwhile, the function is as it was, and on the way back no call is turned away while the rest goes on.
 */
export function functionAction(
  subject: Subject,
  { ref, memoryMb, timeoutSeconds }: LambdaFunction,
  to: FunctionSize,
  reservation?: { readonly before: Reservation; readonly after: { readonly reserved: number } },
): Action {
  const id = actionId(subject);
  const before: FunctionSize = { memoryMb, timeoutSeconds };
  const change: ChangeOf<"lambda.configuration"> = { kind: "lambda.configuration", region: ref.region, functionName: ref.id, before, after: to };
  const step = (way: "forward" | "rollback", each: ChangeOf<"lambda.configuration">): ChangeStep => ({
    kind: "change",
    id: `${id}#${way}:configuration`,
    change: each,
    description: `${ref.id}: ${sizeText(each.before)} → ${sizeText(each.after)}`,
  });
  const reserve = reservation && ({ kind: "lambda.concurrency", region: ref.region, functionName: ref.id, ...reservation } as const);
  const reserveStep = (way: "forward" | "rollback", each: ChangeOf<"lambda.concurrency"> | undefined): readonly ChangeStep[] =>
    each === undefined
      ? []
      : [{ kind: "change", id: `${id}#${way}:concurrency`, change: each, description: `${ref.id}: ${executions(each.before)} → ${executions(each.after)}` }];
  return {
    id,
    rule: subject.rule,
    phase: 2,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: ${reservedText(sizeText(before), reserve?.before.reserved ?? null)} → ${reservedText(sizeText(to), reserve?.after.reserved ?? null)}`,
    steps: [...reserveStep("forward", reserve), step("forward", change)],
    rollback: [...reserveStep("rollback", reserve && inverse(reserve)), { ...step("rollback", inverse(change)), alone: true }],
    reversibility: "immediate",
    undoMinutes: minutesOf(changeSeconds.functionUpdate),
    disruptions: [],
    writeBack: [
      ...set(ref.id, "memoryMib", memoryMb, to.memoryMb),
      ...set(ref.id, "timeoutSeconds", timeoutSeconds, to.timeoutSeconds),
      ...(reservation === undefined ? [] : set(ref.id, "reservedConcurrency", reservation.before.reserved, reservation.after.reserved)),
    ],
  };
}

function executions({ reserved }: Reservation): string {
  return reserved === null ? "no execution reserved" : `${reserved} executions reserved`;
}

function set(id: string, property: string, before: number | null, value: number): readonly SizingChange[] {
  return before === value ? [] : [{ type: "aws_lambda_function", id, property, operation: "set", value }];
}
