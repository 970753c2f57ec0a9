import type { BlueprintName, Configuration } from "../../stacks/settings/settings-schema.ts";
import { certificates, stateBucket } from "./synthesized-stacks.ts";

/** A blueprint with options that change what is synthesized, several at once; Terraform validates each. */
export interface OptionVariant {
  readonly name: string;
  /** What `tap.config.json` or the cdktf context `tap` would hold. */
  readonly configuration: Configuration;
}

/** Content of the file that variants name, wherever they are synthesized. */
export const firstBootFile = { path: "first-boot.sh", content: "#!/bin/bash\nsystemctl start shop\n" } as const;

export function readFirstBootFile(path: string): Uint8Array | undefined {
  return path === firstBootFile.path ? Buffer.from(firstBootFile.content) : undefined;
}

const variants: Readonly<Record<BlueprintName, Readonly<Record<string, Configuration>>>> = {
  saas: {
    "a domain, a state bucket, functions": { domain: "shop.example.com", state: { ...stateBucket, kmsKeyId: "alias/state" }, functions: true },
    "three regions, advanced insights, write forwarding": {
      regions: ["us-east-1", "us-west-2", "eu-west-1"],
      certificateArn: [...certificates, "arn:aws:acm:eu-west-1:123456789012:certificate/third"],
      databaseInsights: "advanced",
      globalWriteForwarding: true,
    },
    "a region given up": { lifetime: "recoverable", sizing: { secondary: { regionAbsent: true } } },
    "own AMI by region, own ports, shells": {
      ami: { "us-east-1": "ami-0123456789abcdef0", "us-west-2": "/shop/ami:stable" },
      ports: { api: 3000, admin: 80 },
      shellAccess: true,
    },
    "own user data on Graviton": {
      amiArchitecture: "arm64",
      userDataFile: firstBootFile.path,
      maxInstanceLifetimeDays: 7,
      sizing: { primary: { compute: { instanceType: "m6g.4xlarge" } }, secondary: { compute: { instanceType: "m6g.4xlarge" } } },
    },
  },
  web: {
    "finance, a domain, MySQL 8.4": { preset: "finance", domain: "shop.example.com", rdsEngineVersion: "8.4" },
    "the default network with a peering of its own": { network: "default", peering: "dedicated" },
    "the default network without public addresses": { network: "default", peering: "none", publicAddresses: false, ami: "/shop/ami" },
    "a region given up": { lifetime: "disposable", sizing: { secondary: { regionAbsent: true } } },
  },
  streaming: {
    "own image and port, shells": {
      image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1",
      ports: { app: 3000 },
      shellAccess: true,
      postgresEngineVersion: "16.11",
    },
    "no functions, a domain": { functions: false, domain: "events.example.com" },
  },
};

/** All in production, which has every part that staging has. */
export const optionVariants: readonly OptionVariant[] = Object.entries(variants).flatMap(([blueprint, byName]) =>
  Object.entries(byName).map(([name, options]) => ({
    name: `${blueprint}: ${name}`,
    configuration: { blueprint: blueprint as BlueprintName, environment: "production", certificateArn: [...certificates], ...options },
  })),
);
