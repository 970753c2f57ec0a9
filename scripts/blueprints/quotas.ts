import { capacities } from "../../contract/capacities.ts";
import { block, resourcesOf, type StackDocument } from "./stack-document.ts";

/** What a stack takes of a quota that an account has per region: in service, at the most, and while new ones serve beside the old. */
export interface QuotaNeed {
  readonly quota: string;
  /** For `aws service-quotas request-service-quota-increase`. */
  readonly service: string;
  readonly code: string;
  /** Of a new account; AWS raises some by itself as an account is used. */
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  readonly meanwhile: number;
}

/** While instances are replaced, new ones serve before old ones go. */
const surge = 1.1;

/**
 * Quotas that production meets, or comes near to. https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
export function quotaNeeds(document: StackDocument): readonly QuotaNeed[] {
  return [...instanceNeeds(document), ...containerNeeds(document), ...addressNeeds(document)];
}

function instanceNeeds(document: StackDocument): readonly QuotaNeed[] {
  const type = String(resourcesOf(document, "aws_launch_template")[0]?.values["instance_type"]);
  const vcpu = capacities.ec2(type)?.vcpu;
  if (vcpu === undefined) return [];
  return resourcesOf(document, "aws_autoscaling_group").map(({ values }) => ({
    quota: "vCPUs of running On-Demand Standard instances",
    service: "ec2",
    code: "L-1216C47A",
    usual: 5,
    least: Number(values["desired_capacity"]) * vcpu,
    most: Number(values["max_size"]) * vcpu,
    meanwhile: Math.ceil(Number(values["max_size"]) * surge) * vcpu,
  }));
}

/** A deployment starts as many tasks again before it stops the old ones. */
function containerNeeds(document: StackDocument): readonly QuotaNeed[] {
  return resourcesOf(document, "aws_ecs_service").map(({ values }) => {
    const vcpu = Number(resourcesOf(document, "aws_ecs_task_definition")[0]?.values["cpu"]) / 1024;
    const most = Number(resourcesOf(document, "aws_appautoscaling_target")[0]?.values["max_capacity"]);
    const during = Number(values["deployment_maximum_percent"]) / 100;
    const need = { least: Number(values["desired_count"]) * vcpu, most: most * vcpu, meanwhile: most * during * vcpu };
    return { quota: "vCPUs of Fargate On-Demand", service: "fargate", code: "L-3032A538", usual: 6, ...need };
  });
}

function addressNeeds(document: StackDocument): readonly QuotaNeed[] {
  const count = resourcesOf(document, "aws_eip").filter(({ values }) => block(values)["domain"] === "vpc").length;
  return count === 0 ? [] : [{ quota: "Elastic IP addresses", service: "ec2", code: "L-0263D0A3", usual: 5, least: count, most: count, meanwhile: count }];
}
