import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { invalidNextToken, validationError } from "./service-errors.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const mostNames = 100;
const mostRecords = 100;
const usualRecords = 50;

/** Alarms that start something, by their names; one that does not exist is just not among the answers. */
export function describeAlarms(input: DescribeAlarmsCommandInput, { state, region, services }: CallContext): Answer<DescribeAlarmsCommandOutput> {
  refuseUnmodelled("DescribeAlarms", input, ["AlarmNames", "AlarmTypes", "MaxRecords", "NextToken"]);
  const { AlarmNames: names, AlarmTypes: types = ["MetricAlarm"], MaxRecords: size = usualRecords, NextToken: token } = input;
  if (names === undefined) throw new NotSimulated("DescribeAlarms without AlarmNames: alarms of the stacks are kept as deployed");
  if (names.length > mostNames)
    throw validationError(`Value at 'alarmNames' failed to satisfy constraint: Member must have length less than or equal to ${mostNames}`);
  if (size < 1 || size > mostRecords)
    throw validationError(`Value '${size}' at 'maxRecords' failed to satisfy constraint: Member must be between 1 and ${mostRecords}`);
  const found = types.includes("MetricAlarm")
    ? services.flatMap(({ alarms }) => alarms?.(state, region) ?? []).filter(({ AlarmName = "" }) => names.includes(AlarmName))
    : [];
  const page = pageOf(found, token, size);
  if (page === undefined) throw invalidNextToken();
  return { MetricAlarms: [...page.items], CompositeAlarms: [], ...(page.next === undefined ? {} : { NextToken: page.next }) };
}
