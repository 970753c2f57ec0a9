import { deploymentName, type Deployment } from "./deployment.ts";
import type { StackName } from "./terraform-project.ts";

/** What a deployment took, by stack. */
export interface DeploymentRow {
  readonly deployment: Deployment;
  readonly stack: StackName;
  readonly resources: number;
  readonly applySeconds: number;
  /** Resources that a plan right after the apply would touch. */
  readonly differences: number;
  readonly destroySeconds: number;
}

const headings = ["blueprint/environment", "stack", "resources", "apply s", "plan", "destroy s"];

export function deploymentTable(rows: readonly DeploymentRow[]): string {
  const lines = rows.map(({ deployment, stack, resources, applySeconds, differences, destroySeconds }) => [
    deploymentName(deployment),
    stack,
    String(resources),
    applySeconds.toFixed(0),
    differences === 0 ? "no changes" : `${differences} to change`,
    destroySeconds.toFixed(0),
  ]);
  const sorted = lines.toSorted((a, b) => a.slice(0, 2).join("/").localeCompare(b.slice(0, 2).join("/")));
  const table = [headings, ...sorted];
  const widths = headings.map((_, column) => Math.max(...table.map((line) => (line[column] ?? "").length)));
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
