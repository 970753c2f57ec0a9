import { partBoundary, userDataLimitBytes, type FirstBootPart } from "../../constructs/compute/first-boot.ts";
import type { Problem } from "./problem.ts";

/** Content of a file that a setting names; `undefined` when there is none that can be read. */
export type ReadFile = (path: string) => Uint8Array | undefined;

/** What cloud-init goes by. https://docs.cloud-init.io/en/latest/explanation/format.html */
const beginnings: readonly { readonly text: string; readonly contentType: FirstBootPart["contentType"] }[] = [
  { text: "#!", contentType: "text/x-shellscript" },
  { text: "#cloud-config", contentType: "text/cloud-config" },
];

/** The user's part of an instance's first boot. A file that AWS or cloud-init would not take is a problem, not a group that never comes up. */
export function userDataPart(path: string | undefined, readFile: ReadFile, problems: Problem[]): FirstBootPart | undefined {
  if (path === undefined) return undefined;
  const report = (message: string, hint: string): undefined => {
    problems.push({ path: "userDataFile", message: `${path} ${message}`, hint });
    return undefined;
  };
  const bytes = readFile(path);
  if (bytes === undefined) return report("is not there, or is no file that can be read", "name a file, from the folder that synthesis runs in");
  if (bytes.length > userDataLimitBytes)
    return report(
      `has ${bytes.length} bytes, EC2 takes ${userDataLimitBytes} of user data`,
      "leave there what fetches the rest, e.g. from the data bucket, or build it into the AMI",
    );
  const content = textOf(bytes);
  if (content === undefined) return report("is no text in UTF-8", "save it as UTF-8, not compressed");
  const contentType = beginnings.find(({ text }) => content.startsWith(text))?.contentType;
  if (contentType === undefined)
    return report("begins as nothing that cloud-init knows", "begin it with `#!/bin/bash`, or another interpreter, or `#cloud-config`");
  if (content.includes("\r")) return report("has the line ends of Windows, and no interpreter is called `bash\\r`", "save it with line ends of Unix (LF)");
  if (content.includes(partBoundary)) return report(`holds ${partBoundary}, which ends a part of the user data`, "write it in two pieces");
  return { contentType, content };
}

/** Whatever is not text, such as a compressed file, comes back changed. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) && !text.includes("\0") ? text : undefined;
}
