/** Told by scripts/test-deploy.mjs, which finds or installs what these tests need. */
const found = process.env["TAP_DEPLOY_PYTHON"];
const reason = process.env["TAP_DEPLOY_MISSING"] ?? (found === undefined ? "start it with `npm run test:deploy`" : undefined);

/** Of an environment that has the local AWS server's packages; not to be used where it is missing. */
export const python = found ?? "python-is-missing";

/** Python, for the local AWS server. */
export const pythonMissing = found === undefined;
/** Python or Terraform. */
export const missing = reason !== undefined;

/** For the names of what is skipped; empty when nothing is missing. */
export const pythonMissingInWords = inWords(pythonMissing);
export const missingInWords = inWords(missing);

function inWords(isMissing: boolean): string {
  return isMissing ? ` (skipped: ${reason})` : "";
}
