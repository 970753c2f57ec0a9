import { examples } from "../../scripts/blueprints/examples.ts";
import type { BlueprintName } from "../../stacks/settings/settings-schema.ts";
import { certificatesOf, stackDocumentSchema, synthesizedText } from "./synthesized-stacks.ts";
import { firstBootFile, readFirstBootFile } from "./option-variants.ts";
import type { Subject } from "./safety/requirements.ts";

interface Option {
  readonly blueprints: readonly BlueprintName[];
  readonly configuration: object;
  /** By stack. */
  readonly sizing?: Readonly<Record<string, object>>;
  readonly productionOnly?: true;
}

const three = ["us-east-1", "us-west-2", "eu-west-1"];
const firstMemberAbsent = { aurora: { instances: { "tap-prod-aurora-1": { absent: true } } } };
const every: readonly BlueprintName[] = ["saas", "web", "streaming"];

/** What a user may choose that changes which resources there are, or what they say. */
const options: Readonly<Record<string, Option>> = {
  "a domain": { blueprints: every, configuration: { domain: "shop.example.com" } },
  functions: { blueprints: ["saas", "web"], configuration: { functions: true } },
  "no functions": { blueprints: ["streaming"], configuration: { functions: false } },
  "advanced insights": { blueprints: ["saas"], configuration: { databaseInsights: "advanced" } },
  "Aurora MySQL 3.10": { blueprints: ["saas"], configuration: { auroraEngineVersion: "8.0.mysql_aurora.3.10.0" } },
  "MySQL 8.4": { blueprints: ["web"], configuration: { rdsEngineVersion: "8.4" } },
  "PostgreSQL 16": { blueprints: ["streaming"], configuration: { postgresEngineVersion: "16.8" } },
  "an image of their own": { blueprints: ["streaming"], configuration: { image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1" } },
  "an AMI of their own": { blueprints: ["saas", "web"], configuration: { ami: { "us-east-1": "ami-0123456789abcdef0", "us-west-2": "/shop/ami:stable" } } },
  "a first boot of their own": { blueprints: ["saas", "web"], configuration: { userDataFile: firstBootFile.path } },
  shells: { blueprints: every, configuration: { shellAccess: true } },
  "write forwarding": { blueprints: ["saas"], configuration: { globalWriteForwarding: true } },
  "the default network without public addresses": { blueprints: ["web"], configuration: { network: "default", peering: "none", publicAddresses: false } },
  "finance's sizes": { blueprints: ["web"], configuration: { preset: "finance" }, productionOnly: true },
  "the default network": { blueprints: ["web"], configuration: { network: "default", peering: "none" } },
  "the default network with peering": { blueprints: ["web"], configuration: { network: "default", peering: "dedicated" } },
  "a region given up": { blueprints: every, configuration: {}, sizing: { secondary: { regionAbsent: true } } },
  "no first member": { blueprints: ["saas", "streaming"], configuration: {}, sizing: { primary: firstMemberAbsent }, productionOnly: true },
  "a small reader from the first day": {
    blueprints: ["saas"],
    configuration: {},
    sizing: { primary: { aurora: { instances: { "tap-prod-aurora-2": { instanceClass: "db.r6g.large" } } } } },
    productionOnly: true,
  },
  "a small capacity from the first day": { blueprints: ["streaming"], configuration: {}, sizing: { primary: { aurora: { minAcu: 0.5, maxAcu: 2 } } } },
  "a large instance from the first day": { blueprints: ["web"], configuration: {}, sizing: { primary: { rds: { instanceClass: "db.m6g.xlarge" } } } },
  "one region": { blueprints: every, configuration: { regions: three.slice(0, 1), certificateArn: certificatesOf(three.slice(0, 1)) } },
  "three regions": { blueprints: every, configuration: { regions: three, certificateArn: certificatesOf(three) } },
};

export interface OptionStack extends Subject {
  readonly name: string;
}

/** All stacks of every blueprint in this environment with each of the options. */
export function optionStacks(of: "production" | "staging"): readonly OptionStack[] {
  return Object.entries(options).flatMap(([option, { blueprints, configuration, sizing = {}, productionOnly }]) =>
    examples
      .filter(({ blueprint, environment }) => environment === of && blueprints.includes(blueprint) && (of === "production" || productionOnly !== true))
      .flatMap((example) => {
        const texts = synthesizedText({
          configFile: { ...example.configuration, ...configuration, sizing },
          variables: {},
          readFile: readFirstBootFile,
          readSizing: () => undefined,
        });
        return Object.entries(texts).map(([stack, text]) => ({
          name: `${example.name} with ${option}: ${stack}`,
          environment: example.environment,
          document: stackDocumentSchema.parse(JSON.parse(text)),
        }));
      }),
  );
}
