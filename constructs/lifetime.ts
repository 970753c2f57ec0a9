/**
 * What `terraform destroy` may take with it. `protected`: nothing, AWS itself refuses. `recoverable`: everything, and what holds data
 * can be brought back for a while: final snapshots, automated backups, recovery windows, buckets that must be empty. `disposable`: all
 * of it for good, so that a short-lived environment leaves nothing behind and its names are free at once.
 */
export type Lifetime = (typeof lifetimes)[number];
export const lifetimes = ["protected", "recoverable", "disposable"] as const;

/** Whether AWS itself refuses to delete. */
export function isProtected(lifetime: Lifetime): boolean {
  return lifetime === "protected";
}

/** Whether what is deleted can be brought back for a while. */
export function isRecoverable(lifetime: Lifetime): boolean {
  return lifetime !== "disposable";
}
