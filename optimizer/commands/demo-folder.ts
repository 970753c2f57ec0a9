import { join } from "node:path";
import { UserError } from "../../contract/user-error.ts";
import type { Shell } from "./shell.ts";

const marker = "this-folder-is-a-demo.txt";

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
