import { DescribeLaunchTemplateVersionsCommand, type EC2Client, type LaunchTemplateVersion } from "@aws-sdk/client-ec2";
import { ResourceGone } from "../resource-gone.ts";

/** One version of a launch template, as far as sizes go. */
export interface TemplateVersion {
  readonly templateId: string;
  readonly version: number;
  readonly instanceType: string;
  readonly detailedMonitoring: boolean;
  /** Not a part of the data that a copy inherits, and Terraform compares the latest version's. */
  readonly description?: string;
}

/** Reads a version by number, `$Latest` or `$Default`; AWS resolves the words, so the answer has the number. */
export async function readTemplateVersion(client: EC2Client, templateId: string, version: string): Promise<TemplateVersion> {
  const { LaunchTemplateVersions: versions = [] } = await client.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: templateId, Versions: [version] }),
  );
  const found = versions.map((candidate) => templateVersionOf(candidate)).find((candidate) => candidate !== undefined);
  if (found === undefined) throw new ResourceGone(`launch template ${templateId} has no version ${version} with an instance type`);
  return found;
}

function templateVersionOf(version: LaunchTemplateVersion): TemplateVersion | undefined {
  const { LaunchTemplateId: templateId, VersionNumber: number, LaunchTemplateData: data, VersionDescription: description } = version;
  if (templateId === undefined || number === undefined || data?.InstanceType === undefined) return undefined;
  return {
    templateId,
    version: number,
    instanceType: data.InstanceType,
    detailedMonitoring: data.Monitoring?.Enabled === true,
    ...(description === undefined ? {} : { description }),
  };
}
