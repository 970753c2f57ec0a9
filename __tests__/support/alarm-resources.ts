import { resources, type Resource, type StackDocument } from "./synthesized-stacks.ts";
import { at } from "./safety/requirements.ts";

const watchingTypes = [
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_dashboard",
  "aws_autoscaling_policy",
  "aws_appautoscaling_policy",
];

/** What watches and scales a stack, as Terraform compares it with what is there. */
export function watching(document: StackDocument): readonly Resource[] {
  return watchingTypes.flatMap((type) => resources(document, type)).map(compared);
}

/** Without the arguments that Terraform leaves alone once an alarm is made. */
export function compared(resource: Resource): Resource {
  const ignored: readonly unknown[] = [at(resource.values, "lifecycle.ignore_changes") ?? []].flat();
  if (resource.type !== "aws_cloudwatch_metric_alarm") return resource;
  return { ...resource, values: Object.fromEntries(Object.entries(resource.values).filter(([argument]) => !ignored.includes(argument))) };
}
