import type { Expression } from "@aws-sdk/client-cost-explorer";
import { NotSimulated } from "../../account/not-simulated.ts";
import { validationException } from "./service-errors.ts";
import type { UsageLine } from "./usage-line.ts";

/** Dimensions by which lines can be filtered and grouped. */
export const dimensions: Readonly<Record<string, (line: UsageLine) => string>> = {
  REGION: (line) => line.region,
  SERVICE: (line) => line.service,
  INSTANCE_TYPE: (line) => line.instanceType,
  USAGE_TYPE: (line) => line.usageType,
  PURCHASE_TYPE: (line) => line.purchaseType,
  RECORD_TYPE: (line) => line.recordType,
};

/** The line's value of a dimension; one that is not modelled is refused. */
export function dimensionOf(key: string | undefined): (line: UsageLine) => string {
  const read = key !== undefined && Object.hasOwn(dimensions, key) ? dimensions[key] : undefined;
  if (read === undefined) throw new NotSimulated(`Cost Explorer's dimension ${key}`);
  return read;
}

/** A filter expression as a predicate. An expression has exactly one operator, as AWS demands. */
export function lineFilter(expression: Expression | undefined): (line: UsageLine) => boolean {
  if (expression === undefined) return () => true;
  const operators = Object.entries(expression).filter(([, value]) => value !== undefined);
  if (operators.length !== 1) throw validationException("Expression must have exactly one root operator: AND, OR, NOT, DIMENSION, TAG or COST_CATEGORY.");
  if (expression.And !== undefined) return every(expression.And.map(lineFilter));
  if (expression.Or !== undefined) return some(expression.Or.map(lineFilter));
  if (expression.Not !== undefined) {
    const matches = lineFilter(expression.Not);
    return (line) => !matches(line);
  }
  if (expression.Dimensions !== undefined) {
    const { Key: key, Values: values = [], MatchOptions: options } = expression.Dimensions;
    if (options !== undefined && options.some((option) => option !== "EQUALS")) throw new NotSimulated(`Cost Explorer's match options ${options.join(", ")}`);
    const read = dimensionOf(key);
    return (line) => values.includes(read(line));
  }
  throw new NotSimulated(`Cost Explorer's filter by ${operators.map(([name]) => name).join(", ")}`);
}

function every(filters: readonly ((line: UsageLine) => boolean)[]): (line: UsageLine) => boolean {
  if (filters.length < 2) throw validationException("And expression must have at least 2 operands.");
  return (line) => filters.every((matches) => matches(line));
}

function some(filters: readonly ((line: UsageLine) => boolean)[]): (line: UsageLine) => boolean {
  if (filters.length < 2) throw validationException("Or expression must have at least 2 operands.");
  return (line) => filters.some((matches) => matches(line));
}
