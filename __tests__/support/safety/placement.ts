import { resources, type Resource } from "../synthesized-stacks.ts";
import { given, unmet, type Requirements, type SafetyRule, type Subject, textOf } from "./requirements.ts";

/** Arguments that say where a resource itself is. */
const placeArguments = ["availability_zone", "bucket", "certificate_arn", "name", "service_name"];

const copies: Requirements = {
  // Terraform makes them through another region's provider, or they land beside what they copy.
  aws_kms_replica_key: { provider: given },
  aws_vpc_peering_connection_accepter: { provider: given },
};

/** Each resource is made in the region it belongs to, and a copy takes its credentials from what it copies. */
export const placement: SafetyRule = (subject) => [
  ...unmet(subject.document, copies),
  ...resources(subject.document).flatMap((resource) => misplaced(resource, subject)),
  ...resources(subject.document, "aws_rds_cluster").flatMap((cluster) => ownCredentials(cluster, cluster.values["source_region"] !== undefined)),
  ...resources(subject.document, "aws_db_instance").flatMap((instance) => ownCredentials(instance, instance.values["replicate_source_db"] !== undefined)),
];

function misplaced({ address, values }: Resource, { document }: Subject): readonly string[] {
  const providers = document.provider.aws;
  const alias = values["provider"];
  const provider = providers.find((candidate) => (candidate["alias"] === undefined ? "aws" : `aws.${textOf(candidate["alias"])}`) === textOf(alias ?? "aws"));
  if (provider === undefined) return [`${address}: there is no provider ${textOf(alias)}`];
  return placeArguments.flatMap((argument) => {
    const named = providers
      .map(({ region }) => textOf(region))
      .find((region) => new RegExp(`(?:^|[^a-z0-9])${region}(?![0-9])`).test(textOf(values[argument])));
    return named === undefined || named === provider["region"]
      ? []
      : [`${address}: names ${named} in ${argument}, but its provider works in ${textOf(provider["region"])}`];
  });
}

function ownCredentials({ address, values }: Resource, isCopy: boolean): readonly string[] {
  const credentials = ["master_username", "master_password", "username", "password"].filter((argument) => values[argument] !== undefined);
  if (!isCopy) return [];
  return [
    ...credentials.map((argument) => `${address}: a copy has ${argument} of its own`),
    ...(values["kms_key_id"] === undefined ? [`${address}: a copy needs a key of its own region`] : []),
  ];
}
