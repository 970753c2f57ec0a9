import { sha256Hex } from "./hash.ts";

/** Nothing that leaves this machine unencrypted. */
const loopbackHosts: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a POST may go there: `https`, or `http` to this machine. User and password have no place in it: what is sent tells who sends. */
export function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && loopbackHosts.includes(hostname));
}

/** `https://hooks.example.com/[redacted 1f0c9a22]`: path and query may be a secret; the digits tell one URL from another. */
export function shownWebhookUrl(url: string): string {
  return `${new URL(url).origin}/[redacted ${sha256Hex(url).slice(0, 8)}]`;
}
