import { canonicalJson } from "../../../../contract/canonical-json.ts";
import { DescribeLaunchTemplateVersionsCommand, type EC2Client, type LaunchTemplateVersion, type ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { TemplateTraits } from "../../../core/levers/asg/group.ts";
import { oncePer } from "../../../core/model/once.ts";
import { alsoAnswers } from "../asking-once.ts";
import { awsNameOf, readFailureOf } from "../aws-errors.ts";
import { ResourceGone, UnsupportedResource } from "../resource-gone.ts";

/** One version of a launch template, as far as sizes go. */
export interface TemplateVersion {
  readonly templateId: string;
  readonly templateName: string | undefined;
  readonly version: number;
  readonly instanceType: string;
  readonly detailedMonitoring: boolean;
  /** Not a part of the data that a copy inherits, and Terraform compares the latest version's. */
  readonly description?: string;
  readonly traits: TemplateTraits;
  /** All that it says: versions with equal contents launch equal instances, whatever their numbers. */
  readonly contents: string;
}

/**
 * Reads a version by number, `$Latest` or `$Default`; AWS resolves the words, so the answer has the number, and within a look answers for that
 * number, too: what a version says never changes.
 */
export async function readTemplateVersion(client: EC2Client, templateId: string, version: string): Promise<TemplateVersion> {
  const answer = await client.send(asking(templateId, version));
  const { LaunchTemplateVersions: versions = [] } = answer;
  const [{ VersionNumber: number } = {}] = versions;
  if (version.startsWith("$") && number !== undefined) alsoAnswers(client, asking(templateId, String(number)), answer);
  const found = versions.map((candidate) => templateVersionOf(candidate)).find((candidate) => candidate !== undefined);
  if (found === undefined && versions.some(({ LaunchTemplateData }) => LaunchTemplateData?.InstanceRequirements !== undefined))
    throw new UnsupportedResource(`version ${version} of launch template ${templateId} chooses instance types by attributes: it has no one type`);
  if (found === undefined) throw new ResourceGone(`launch template ${templateId} has no version ${version} with an instance type`);
  return found;
}

function asking(templateId: string, version: string): DescribeLaunchTemplateVersionsCommand {
  return new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: templateId, Versions: [version] });
}

/** The same of a version that a group or a refresh names: AWS lets it be deleted all the same, and then nothing can be launched from it. */
export async function readNamedVersion(client: EC2Client, templateId: string, version: string): Promise<TemplateVersion | "deleted"> {
  try {
    return await readTemplateVersion(client, templateId, version);
  } catch (error) {
    if (awsNameOf(error) === "InvalidLaunchTemplateId.VersionNotFound") return "deleted";
    throw error;
  }
}

/** Whether the version that a group names is gone, by itself or with its whole template. */
export async function isVersionGone(client: EC2Client, templateId: string, version: string): Promise<boolean> {
  try {
    return (await readNamedVersion(client, templateId, version)) === "deleted";
  } catch (error) {
    if (readFailureOf(error) === "missing") return true;
    throw error;
  }
}

/** Once of each answer: within a look the same one answers for several changes. */
const templateVersionOf = oncePer((version: LaunchTemplateVersion): TemplateVersion | undefined => {
  const { LaunchTemplateId: templateId, VersionNumber: number, LaunchTemplateData: data, VersionDescription: description } = version;
  if (templateId === undefined || number === undefined || data?.InstanceType === undefined) return undefined;
  return {
    templateId,
    version: number,
    instanceType: data.InstanceType,
    detailedMonitoring: data.Monitoring?.Enabled === true,
    ...(description === undefined ? {} : { description }),
    templateName: version.LaunchTemplateName,
    traits: traitsOf(data),
    contents: canonicalJson(data),
  };
});

/** Every type from `large` on takes so many: `MaximumNetworkInterfaces` of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInfo.html */
const interfacesOfAnySize = 3;

/** Parts of a template that bind it to sizes: sources beside each. */
function sizeBoundOf({ EnclaveOptions, NetworkInterfaces = [], LicenseSpecifications = [], CpuOptions }: ResponseLaunchTemplateData): string | undefined {
  // https://docs.aws.amazon.com/enclaves/latest/user/cmd-nitro-run-enclave.html: fixed vCPUs and memory, partitioned from the instance.
  if (EnclaveOptions?.Enabled === true) return "an enclave, which takes vCPUs and memory away";
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html#efa-instance-types: the largest sizes of a family alone.
  if (NetworkInterfaces.some(({ InterfaceType }) => InterfaceType?.startsWith("efa") === true)) return "an Elastic Fabric Adapter";
  if (NetworkInterfaces.length > interfacesOfAnySize) return `${NetworkInterfaces.length} network interfaces`;
  // https://docs.aws.amazon.com/license-manager/latest/userguide/config-overview.html: counted by vCPUs, cores or sockets, with rules on their number.
  if (LicenseSpecifications.length > 0) return "licences that are counted by vCPUs or cores";
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sev-snp.html: some sizes of some families.
  return CpuOptions?.AmdSevSnp === "enabled" ? "AMD SEV-SNP" : undefined;
}

function traitsOf(data: ResponseLaunchTemplateData): TemplateTraits {
  const { CpuOptions, Placement, InstanceMarketOptions, CapacityReservationSpecification: reservation } = data;
  const tenancy = Placement?.Tenancy;
  const aim = reservation?.CapacityReservationTarget;
  const sizeBound = sizeBoundOf(data);
  return {
    cpuOptions: CpuOptions?.CoreCount !== undefined || CpuOptions?.ThreadsPerCore !== undefined,
    tenancy:
      Placement?.HostId !== undefined || Placement?.HostResourceGroupArn !== undefined
        ? "host"
        : tenancy === undefined || tenancy === "default"
          ? null
          : tenancy,
    placementGroup: Placement?.GroupName ?? Placement?.GroupId ?? null,
    spot: InstanceMarketOptions?.MarketType === "spot",
    capacityReservation:
      aim?.CapacityReservationId ??
      aim?.CapacityReservationResourceGroupArn ??
      (reservation?.CapacityReservationPreference === "capacity-reservations-only" ? "of whatever is reserved" : null) ??
      (InstanceMarketOptions?.MarketType === "capacity-block" ? "of a capacity block" : null),
    ...(sizeBound === undefined ? {} : { sizeBound }),
  };
}
