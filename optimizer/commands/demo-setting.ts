import { join } from "node:path";
import { UserError } from "../../contract/user-error.ts";
import type { Shell } from "./shell.ts";

const marker = "this-folder-is-a-demo.txt";

/** The stacks at production size; certificates and account are placeholders, as no real account is reached. */
export const demoSynthesis: Readonly<Record<string, string>> = {
  TAP_BLUEPRINT: "saas",
  TAP_ENVIRONMENT: "production",
  TAP_CERTIFICATE_ARN: ["us-east-1", "us-west-2"]
    .map((region) => `arn:aws:acm:${region}:123456789012:certificate/00000000-0000-4000-8000-000000000000`)
    .join(","),
};

/** An empty folder for a demo. What an earlier demo left is removed; a folder that is no demo's is never touched. */
export async function demoFolder(state: string, shell: Shell): Promise<string> {
  const folder = state === ".optimizer" ? join(state, "demo") : state;
  const names = await shell.files.list(folder);
  if (names.length > 0 && !names.includes(marker)) {
    throw new UserError({
      code: "not-a-demo-folder",
      message: `${folder} holds something else than a demo`,
      hint: "name an empty or a new folder with --state",
    });
  }
  await shell.files.removeFolder(folder);
  await shell.files.write(join(folder, marker), "`optimizer demo` removes this folder when it starts.\n");
  return folder;
}
