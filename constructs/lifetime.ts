/**
 * What `terraform destroy` may take with it. `protected`: deletion protection, final snapshots, recovery windows.
 * `disposable`: none of these, so that a short-lived environment leaves nothing behind and its names are free at once.
 */
export type Lifetime = "protected" | "disposable";

export function isProtected(lifetime: Lifetime): boolean {
  return lifetime === "protected";
}
