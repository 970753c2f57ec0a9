import { z } from "zod";
import { resources, type Resource, type StackDocument } from "../synthesized-stacks.ts";
import { at, textOf } from "./requirements.ts";

/** A metric that something reads. */
export interface ReadMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whether metrics with more dimensions than these are read, too. */
  readonly openEnded: boolean;
}

const dimensionsSchema = z.record(z.string(), z.string()).default({});

/** `SELECT f(metric) FROM SCHEMA("namespace", dimension, …) WHERE dimension = 'value'`, or `FROM "namespace"` for any dimensions. */
const insights = /^SELECT \w+\((\w+)\) FROM (?:SCHEMA\("([^"]+)"((?:, \w+)*)\)|"([^"]+)") WHERE (.+)$/;

/** `undefined` for what cannot be read. */
export function metricOfQuery(sql: string): ReadMetric | undefined {
  const [, name, schema, dimensions = "", namespace = schema, conditions = ""] = insights.exec(sql) ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  const named = Object.fromEntries([...dimensions.matchAll(/\w+/g)].map(([dimension]) => [dimension, "*"]));
  const wanted = Object.fromEntries([...conditions.matchAll(/(\w+) = '([^']*)'/g)].map(([, dimension = "", value = ""]) => [dimension, value]));
  return { namespace, name, dimensions: { ...named, ...wanted }, openEnded: schema === undefined };
}

/** The metrics of an alarm; a query that cannot be read is one of no name. */
export function metricsOfAlarm({ values }: Resource): readonly ReadMetric[] {
  const queries: readonly unknown[] = [values["metric_query"] ?? []].flat();
  const single = values["metric_name"] === undefined ? [] : [metricAt(values)];
  const several = queries.flatMap((query) => {
    const expression = textOf(at(query, "expression") ?? "");
    if (at(query, "metric") !== undefined) return [metricAt(at(query, "metric"))];
    return expression.startsWith("SELECT") ? [metricOfQuery(expression) ?? unreadable(expression)] : [];
  });
  return [...single, ...several];
}

function metricAt(block: unknown): ReadMetric {
  return {
    namespace: textOf(at(block, "namespace")),
    name: textOf(at(block, "metric_name")),
    dimensions: dimensionsSchema.parse(at(block, "dimensions")),
    openEnded: false,
  };
}

function unreadable(expression: string): ReadMetric {
  return { namespace: "", name: expression, dimensions: {}, openEnded: false };
}

const chartSchema = z.object({
  widgets: z.array(
    z.object({
      type: z.string(),
      properties: z.looseObject({ metrics: z.array(z.union([z.array(z.string()), z.array(z.object({ expression: z.string() }))])).default([]) }),
    }),
  ),
});

const search = /^SEARCH\('\{([\w/]+)((?:,\w+)*)\} .*MetricName="(\w+)"/;

/** The metrics of a stack's dashboards. */
export function metricsOfDashboards(document: StackDocument): readonly { readonly address: string; readonly metric: ReadMetric }[] {
  return resources(document, "aws_cloudwatch_dashboard").flatMap(({ address, values }) =>
    chartMetrics(textOf(values["dashboard_body"])).map((metric) => ({ address, metric })),
  );
}

function chartMetrics(body: string): readonly ReadMetric[] {
  return chartSchema.parse(JSON.parse(body)).widgets.flatMap(({ properties }) =>
    properties.metrics.map((metric) => {
      const [first] = metric;
      return typeof first === "object" ? searched(first.expression) : listed(metric.map(String));
    }),
  );
}

function searched(expression: string): ReadMetric {
  const [, namespace, dimensions = "", name] = search.exec(expression) ?? [];
  if (namespace === undefined || name === undefined) return unreadable(expression);
  return { namespace, name, dimensions: Object.fromEntries([...dimensions.matchAll(/\w+/g)].map(([dimension]) => [dimension, "*"])), openEnded: false };
}

function listed([namespace = "", name = "", ...dimensions]: readonly string[]): ReadMetric {
  const pairs = dimensions.flatMap((dimension, index) => (index % 2 === 0 ? [[dimension, dimensions[index + 1] ?? ""] as const] : []));
  return { namespace, name, dimensions: Object.fromEntries(pairs), openEnded: false };
}
