import type { CredentialsReader } from "../../ports/inventory.ts";
import { readErrorOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";

/** What the SDK's own chain finds, of the profile that was named; nothing is asked of AWS for keys that do not expire. */
export function createCredentialsReader(clients: (region: string) => Pick<RegionClients, "sts">): CredentialsReader {
  return {
    async expireAtMs(region) {
      try {
        const { expiration } = await clients(region).sts.config.credentials();
        return expiration?.getTime() ?? null;
      } catch (error) {
        throw readErrorOf(error, "looking for credentials");
      }
    },
  };
}
