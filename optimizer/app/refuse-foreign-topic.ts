import { UserError } from "../../contract/user-error.ts";
import type { Policy } from "../core/model/policy.ts";
import type { Identity } from "../ports/inventory.ts";

/** A page names resources and commands of the account: it stays in it. UserError `foreign-topic` where the topic lies elsewhere. */
export function refuseForeignTopic({ snsTopicArn }: Policy["paging"], { accountId, arn }: Identity): void {
  if (snsTopicArn === undefined) return;
  const [, partition, , , account] = snsTopicArn.split(":");
  const [, ownPartition] = arn.split(":");
  if (account === accountId && partition === ownPartition) return;
  throw new UserError({
    code: "foreign-topic",
    message: `paging.snsTopicArn is of account ${account ?? ""} (${partition ?? ""}), the credentials are of ${accountId} (${ownPartition ?? ""})`,
    hint: "Name a topic of the account that is optimized; who is elsewhere can subscribe to it.",
  });
}
