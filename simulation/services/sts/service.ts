import { STSServiceException, type GetCallerIdentityCommandInput, type GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import { serviceErrors } from "../../account/service-error.ts";
import { query, type Answer, type Service } from "../../account/service.ts";

export const sts: Service = {
  name: "sts",
  api: {
    client: "STSClient",
    errors: serviceErrors(STSServiceException, "query"),
    commands: {
      GetCallerIdentity: query((_input: GetCallerIdentityCommandInput, { state }): Answer<GetCallerIdentityCommandOutput> => ({
        Account: state.accountId,
        Arn: `arn:aws:iam::${state.accountId}:user/optimizer`,
        UserId: "AIDASIMULATEDACCOUNT00",
      })),
    },
  },
  data: {
    aws_caller_identity: {
      account_id: (self) => self.accountId,
      id: (self) => self.accountId,
      arn: (self) => `arn:aws:iam::${self.accountId}:user/deployer`,
    },
  },
};
