import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import { query, type Answer, type ServiceHandlers } from "../../service-handler.ts";

export const stsHandlers = {
  GetCallerIdentity: query((_input: GetCallerIdentityCommandInput, { state }): Answer<GetCallerIdentityCommandOutput> => ({
    Account: state.accountId,
    Arn: `arn:aws:iam::${state.accountId}:user/optimizer`,
    UserId: "AIDASIMULATEDACCOUNT00",
  })),
} satisfies ServiceHandlers;
