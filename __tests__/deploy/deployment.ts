import { configurationSchema } from "../../stacks/settings/settings-schema.ts";
import { zoneName } from "./prerequisites.ts";

/** A blueprint in an environment. */
export interface Deployment {
  readonly blueprint: string;
  readonly environment: "staging" | "production";
}

/** As the settings know them: a new blueprint is deployed without a word here. */
export const blueprintNames: readonly string[] = configurationSchema.shape.blueprint.unwrap().options;

export const allDeployments: readonly Deployment[] = blueprintNames.flatMap((blueprint) => [
  { blueprint, environment: "staging" },
  { blueprint, environment: "production" },
]);

/** `all`, or some by `<blueprint>/<environment>` with commas between. */
export function chosenDeployments(choice: string): readonly Deployment[] {
  if (choice === "all") return allDeployments;
  return choice.split(",").map((name) => {
    const found = allDeployments.find((one) => deploymentName(one) === name.trim());
    if (found === undefined) throw new Error(`there is no deployment ${name}; there are ${allDeployments.map(deploymentName).join(", ")}`);
    return found;
  });
}

export function deploymentName({ blueprint, environment }: Deployment): string {
  return `${blueprint}/${environment}`;
}

/** What the stacks are told of it: production wants a certificate in each region, and that of `web` fails over by DNS. */
export function deploymentSettings({ blueprint, environment }: Deployment, certificates: readonly string[]): Readonly<Record<string, string>> {
  return {
    TAP_BLUEPRINT: blueprint,
    TAP_ENVIRONMENT: environment,
    ...(environment === "production" ? { TAP_CERTIFICATE_ARN: certificates.join(",") } : {}),
    ...(environment === "production" && blueprint === "web" ? { TAP_DOMAIN: `app.${zoneName}` } : {}),
  };
}
