/** A type as Terraform writes it into `terraform output -json`. */
export type TerraformType = string | readonly [string, unknown];

export interface TerraformOutput {
  readonly sensitive: boolean;
  readonly type: TerraformType;
  readonly value: unknown;
}

/** An output in the form of `terraform output -json`. */
export function toOutput(value: unknown, sensitive: boolean): TerraformOutput {
  return { sensitive, type: terraformType(value), value };
}

/** Literal lists are tuples and literal maps are objects in Terraform's type system. */
function terraformType(value: unknown): TerraformType {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return ["tuple", value.map(terraformType)];
  if (value !== null && typeof value === "object") {
    return ["object", Object.fromEntries(Object.entries(value).map(([key, member]) => [key, terraformType(member)]))];
  }
  return "string";
}
