import type { ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { DeploymentContext } from "../../deployment/deployment-context.ts";
import { argumentsOf, type Arguments } from "../../terraform/arguments.ts";

export function addLaunchTemplates(context: DeploymentContext): void {
  for (const resource of context.resources("aws_launch_template")) {
    const given = argumentsOf(resource);
    const id = String(resource.attribute("id"));
    const description = given.optionalText("description");
    context.state.launchTemplates.add(id, {
      ...context.owned(resource, given.text("name")),
      id,
      name: given.text("name"),
      versions: [{ number: 1, createdMs: context.state.bornMs, data: launchData(given), ...(description === null ? {} : { description }) }],
      defaultVersion: 1,
    });
  }
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
