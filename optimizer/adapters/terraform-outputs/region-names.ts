import { UserError } from "../../../contract/user-error.ts";

/** Region names of every AWS partition, as the SDK's partition table writes them (@aws-sdk/core util-endpoints partitions). */
const partitionForms: readonly RegExp[] = [
  /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/,
  /^cn-[a-z]+-\d+$/,
  /^eusc-(?:de)-[a-z]+-\d+$/,
  /^us-(?:gov|iso|isob|isof)-[a-z]+-\d+$/,
  /^eu-isoe-[a-z]+-\d+$/,
];

/** The name itself, or a UserError that says where the wrong one stood. */
export function checkedRegion(name: string, place: string): string {
  if (partitionForms.some((form) => form.test(name))) return name;
  throw new UserError({
    code: "unknown-region",
    message: `${place}: ${JSON.stringify(name)} is not the name of an AWS region`,
    hint: "Expected a name such as us-east-1 or eu-central-1.",
  });
}

/** Region part of an ARN; `undefined` for anything else and for ARNs of global resources. */
export function arnRegionOf(value: string): string | undefined {
  return /^arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]+):\d{12}:/.exec(value)?.[1];
}
