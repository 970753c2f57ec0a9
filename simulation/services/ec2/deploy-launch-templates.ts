import type { ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { blockLike, liveResource, type Values } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { isDeleted, latestNumberAt, launchTemplates, versionsAt, type LaunchTemplate } from "../../shared/launch-template.ts";
import { argumentsOf, type Arguments } from "../../terraform/arguments.ts";
import { arn, idOf, prefixed } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";

function deployLaunchTemplate(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const id = String(resource.attribute("id"));
  const description = given.optionalText("description");
  context.state.of(launchTemplates).add(id, {
    ...context.owned(resource, given.text("name")),
    id,
    name: given.text("name"),
    versions: [{ number: 1, createdMs: context.state.bornMs, data: launchData(given), ...(description === null ? {} : { description }) }],
    defaultVersion: 1,
  });
}

/** The arguments that a version carries; what the model does not know stays with the template. */
function launchData(given: Arguments): ResponseLaunchTemplateData {
  const [monitoring] = given.blocks("monitoring");
  const [profile] = given.blocks("iam_instance_profile");
  const [metadata] = given.blocks("metadata_options");
  return withoutNull({
    ImageId: given.optionalText("image_id"),
    InstanceType: given.text("instance_type"),
    KeyName: given.optionalText("key_name"),
    UserData: given.optionalText("user_data"),
    EbsOptimized: given.optionalText("ebs_optimized") === null ? null : given.flag("ebs_optimized", false),
    SecurityGroupIds: given.texts("vpc_security_group_ids"),
    Monitoring: monitoring === undefined ? null : { Enabled: monitoring.flag("enabled", false) },
    IamInstanceProfile: profile === undefined ? null : withoutNull({ Arn: profile.optionalText("arn"), Name: profile.optionalText("name") }),
    MetadataOptions:
      metadata === undefined ? null : withoutNull({ HttpTokens: metadata.optionalText("http_tokens"), HttpEndpoint: metadata.optionalText("http_endpoint") }),
    BlockDeviceMappings: given.blocks("block_device_mappings").map(blockDevice),
    TagSpecifications: given.blocks("tag_specifications").map((block) => ({
      ResourceType: block.optionalText("resource_type") ?? "instance",
      Tags: block.pairs("tags").map(([Key, Value]) => ({ Key, Value })),
    })),
  });
}

function blockDevice(block: Arguments): object {
  const [volume] = block.blocks("ebs");
  return withoutNull({
    DeviceName: block.optionalText("device_name"),
    Ebs:
      volume === undefined
        ? null
        : withoutNull({
            VolumeSize: volume.optionalText("volume_size") === null ? null : volume.number("volume_size"),
            VolumeType: volume.optionalText("volume_type"),
            Encrypted: volume.flag("encrypted", false),
            KmsKeyId: volume.optionalText("kms_key_id"),
            DeleteOnTermination: volume.flag("delete_on_termination", true),
          }),
  });
}

function withoutNull(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

/** Terraform reads the latest version. Blocks are as configured while the version has them, and absent once it has not. */
function latestMember(argument: string, member: keyof ResponseLaunchTemplateData): (template: LaunchTemplate, given: Values, atMs: number) => unknown {
  return (template, given, atMs) => {
    const value = latestData(template, atMs)?.[member];
    return typeof value === "object" && given[argument] !== undefined ? given[argument] : value;
  };
}

function latestData(template: LaunchTemplate, atMs: number): ResponseLaunchTemplateData | undefined {
  return versionsAt(template, atMs).at(-1)?.data;
}

export const launchTemplate: ResourceType = {
  attributes: {
    id: prefixed("lt"),
    arn: arn("ec2", (self) => `launch-template/${idOf(self)}`),
    latest_version: () => 1,
    default_version: () => 1,
  },
  deploy: deployLaunchTemplate,
  live: liveResource(
    launchTemplates,
    {
      description: (template, _given, atMs) => versionsAt(template, atMs).at(-1)?.description,
      image_id: latestMember("image_id", "ImageId"),
      instance_type: latestMember("instance_type", "InstanceType"),
      key_name: latestMember("key_name", "KeyName"),
      user_data: latestMember("user_data", "UserData"),
      ebs_optimized: latestMember("ebs_optimized", "EbsOptimized"),
      vpc_security_group_ids: latestMember("vpc_security_group_ids", "SecurityGroupIds"),
      monitoring(template, given, atMs) {
        const monitoring = latestData(template, atMs)?.Monitoring;
        return monitoring === undefined ? undefined : blockLike(given["monitoring"], { enabled: monitoring.Enabled });
      },
      iam_instance_profile: latestMember("iam_instance_profile", "IamInstanceProfile"),
      metadata_options: latestMember("metadata_options", "MetadataOptions"),
      block_device_mappings: latestMember("block_device_mappings", "BlockDeviceMappings"),
      tag_specifications: latestMember("tag_specifications", "TagSpecifications"),
    },
    {
      attributes: { latest_version: latestNumberAt },
      isGone: isDeleted,
      // Applying a changed template makes a version.
      renewed: { latest_version: (live) => Number(live) + 1 },
    },
  ),
};
