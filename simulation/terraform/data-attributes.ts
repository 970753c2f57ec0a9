import { deterministicHex } from "../deterministic-id.ts";
import type { ComputedAttribute, SelfView } from "./self-view.ts";

/** Zone letters every account has, by region; regions not named have a, b and c. */
const zoneLetters: Readonly<Record<string, string>> = { "us-east-1": "abcdef", "us-west-2": "abcd", "us-west-1": "ab", "ap-northeast-1": "acd" };

function zones(self: SelfView): readonly string[] {
  return (zoneLetters[self.region] ?? "abc").split("").map((letter) => self.region + letter);
}

const password: ComputedAttribute = (self) => {
  const length = Number(self.argument("password_length") ?? 32);
  let text = "";
  while (text.length < length) text += self.hex(64).slice(0, 60).replaceAll("0", "K") + deterministicHex([text, self.hex(8)], 4);
  return text.slice(0, length);
};

/** What data sources answer, by type and attribute. A pair that is missing here cannot be referred to. */
export const dataAttributes: Readonly<Record<string, Readonly<Record<string, ComputedAttribute>>>> = {
  aws_caller_identity: {
    account_id: (self) => self.accountId,
    id: (self) => self.accountId,
    arn: (self) => `arn:aws:iam::${self.accountId}:user/deployer`,
  },
  aws_partition: { partition: () => "aws", id: () => "aws", dns_suffix: () => "amazonaws.com" },
  aws_region: { name: (self) => self.region, id: (self) => self.region },
  aws_availability_zones: { names: zones, id: (self) => self.region },
  aws_ssm_parameter: { value: (self) => `ami-0${self.hex(16)}`, arn: (self) => `arn:aws:ssm:${self.region}::parameter${self.text("name")}` },
  aws_secretsmanager_random_password: { random_password: password, id: password },
};
