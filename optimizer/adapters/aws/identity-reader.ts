import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { IdentityReader } from "../../ports/inventory.ts";
import { readErrorOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";
import { answered } from "./answered.ts";

/** STS GetCallerIdentity, which needs no permission. */
export function createIdentityReader(clients: (region: string) => Pick<RegionClients, "sts">): IdentityReader {
  return {
    async whoAmI(region) {
      try {
        const { Account, Arn } = await clients(region).sts.send(new GetCallerIdentityCommand({}));
        return { accountId: answered(Account, "Account"), arn: answered(Arn, "Arn") };
      } catch (error) {
        throw readErrorOf(error, `sts:GetCallerIdentity in ${region}`);
      }
    },
  };
}
