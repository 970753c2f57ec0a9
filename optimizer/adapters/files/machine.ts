import { constants } from "node:fs";
import { access, unlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { HeldLock, Machine } from "../../ports/machine.ts";
import { namesIn, privateFile } from "./durable-files.ts";
import { readLock } from "./lock-versions.ts";
import { isCertainlyDead } from "./process-identity.ts";
import { refuseCopy } from "./state-home.ts";
import { fileErrorCode, withStateErrors } from "./state-errors.ts";
import { findStateFolder } from "./state-folder.ts";

/** This machine, with the state folder at `path`; `isAccountInFolder`: a copy of it is about a copy of the account, too. */
export function createMachine(path: string, { isAccountInFolder = false }: { readonly isAccountInFolder?: boolean } = {}): Machine {
  return {
    nodeVersion: process.versions.node,
    wallMs: () => Date.now(),
    tryState: () =>
      withStateErrors(path, async () => {
        const root = await findStateFolder(path);
        if (root === undefined) return access(await nearestFolder(resolve(path)), constants.W_OK);
        if (!isAccountInFolder) await refuseCopy(root);
        const probe = join(root, `probe-${process.pid}`);
        await writeFile(probe, "", { mode: privateFile, flag: "wx" });
        return unlink(probe);
      }),
    async heldLocks() {
      const root = await findStateFolder(path);
      if (root === undefined) return [];
      const held: HeldLock[] = [];
      for (const accountId of await namesIn(join(root, "locks"))) {
        for (const region of await namesIn(join(root, "locks", accountId))) {
          const { content } = await readLock(join(root, "locks", accountId, region));
          if (content?.held === true) held.push({ accountId, region, runId: content.runId, who: content.who, isAbandoned: isCertainlyDead(content.process) });
        }
      }
      return held;
    },
  };
}

/** The folder itself, or the nearest one above it that there is. */
async function nearestFolder(path: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch (error) {
    if (fileErrorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    return nearestFolder(dirname(path));
  }
}
