import { createWebhookPager } from "../../optimizer/adapters/pagers/webhook-pager.ts";
import { aPage } from "./a-page.ts";

/**
 * A process of its own that tells one page: `node --import tsx page-by-webhook.ts URL TIMEOUT_MS`. Which certificates a process trusts besides
 * the usual ones is settled when it starts, by NODE_EXTRA_CA_CERTS. Prints `told`, or why it could not be.
 */
const [url = "", timeoutMs = "0"] = process.argv.slice(2);
try {
  await createWebhookPager(url, Number(timeoutMs)).send(aPage());
  console.log("told");
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
}
