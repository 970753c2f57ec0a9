import { LimitExceededException, ResourceNotFoundException, type ProvisionedThroughput, type UpdateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { refusal } from "../../account/service-error.ts";
import { billingAt, busy, indexesAt, invalid, type Billing, type TableCore } from "./table.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/switching.capacitymode.html: back at any time, this way four times in 24 hours. */
const switchesPerDay = 4;
const dayMs = 86_400_000;
const switchMs = changeSeconds.billingSwitch * 1000;

type Step = (nowMs: number) => void;

interface Units {
  readonly readCapacityUnits: number;
  readonly writeCapacityUnits: number;
}

/** The mode, or the capacity of a provisioned table, of the table and of all its indexes at once. */
export function prepareBilling(core: TableCore, input: UpdateTableCommandInput, nowMs: number): Step {
  const now = billingAt(core, nowMs);
  const mode = input.BillingMode ?? now.mode;
  const indexes = indexesAt(core, nowMs);
  if (mode === "PAY_PER_REQUEST") {
    if (input.ProvisionedThroughput !== undefined)
      throw invalid(
        "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
      );
    refuseTooMany(core, nowMs);
    return switched(core, { mode, readCapacityUnits: 0, writeCapacityUnits: 0 }, () => ({ readCapacityUnits: 0, writeCapacityUnits: 0 }));
  }
  const table = unitsOf(input.ProvisionedThroughput, "table");
  const given = new Map(
    (input.GlobalSecondaryIndexUpdates ?? []).flatMap(({ Update }) =>
      Update?.ProvisionedThroughput === undefined ? [] : [[Update.IndexName ?? "", unitsOf(Update.ProvisionedThroughput, "index")] as const],
    ),
  );
  const missing = [...given.keys()].find((name) => !indexes.some((index) => index.name === name));
  if (missing !== undefined) throw new ResourceNotFoundException(refusal(`Requested resource not found: Index: ${missing} not found`));
  const without = indexes.filter(({ name, readCapacityUnits }) => !given.has(name) && readCapacityUnits === 0);
  if (without.length > 0)
    throw invalid(`One or more parameter values were invalid: ProvisionedThroughput must be specified for index: ${without.map(({ name }) => name).join(",")}`);
  return switched(core, { mode: "PROVISIONED", ...table }, (name) => given.get(name));
}

function unitsOf(throughput: ProvisionedThroughput | undefined, what: string): Units {
  const { ReadCapacityUnits: readCapacityUnits = 0, WriteCapacityUnits: writeCapacityUnits = 0 } = throughput ?? {};
  if (readCapacityUnits < 1 || writeCapacityUnits < 1)
    throw invalid(
      `One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits of the ${what} must both be specified when BillingMode is PROVISIONED`,
    );
  return { readCapacityUnits, writeCapacityUnits };
}

function refuseTooMany({ onDemandSwitchesMs, billing }: TableCore, nowMs: number): void {
  if (billing.at(nowMs)?.mode === "PAY_PER_REQUEST") return;
  const last = onDemandSwitchesMs.filter((ms) => ms > nowMs - dayMs);
  if (last.length >= switchesPerDay)
    throw new LimitExceededException(refusal(`Subscriber limit exceeded: Update to PayPerRequest mode are limited to ${switchesPerDay} times in 1 day(s)`));
}

function switched(core: TableCore, next: Billing, ofIndex: (name: string) => Units | undefined): Step {
  return (atMs) => {
    if (next.mode === "PAY_PER_REQUEST" && billingAt(core, atMs).mode === "PROVISIONED") core.onDemandSwitchesMs.push(atMs);
    // Until AWS is through, the table serves as before.
    core.billing.set(atMs + switchMs, next);
    for (const index of indexesAt(core, atMs)) core.indexes.get(index.name)?.set(atMs + switchMs, { ...index, ...ofIndex(index.name) });
    busy(core, atMs, switchMs);
  };
}
