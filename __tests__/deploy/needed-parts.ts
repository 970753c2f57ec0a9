/** Told by scripts/test-deploy.mjs, which finds or installs what these tests need. */
const found = process.env["TAP_DEPLOY_PYTHON"];
const reason = process.env["TAP_DEPLOY_MISSING"] ?? "start it with `npm run test:deploy`";

/** Of an environment that has the local AWS server's packages; not to be used where it is missing. */
export const python = found ?? "python-is-missing";

export const missing = found === undefined;
/** For the name of what is skipped; empty when nothing is missing. */
export const missingInWords = missing ? ` (skipped: ${reason})` : "";
