import { createHash } from "node:crypto";

/** Of a standard normal variable: 95 % of its values are within so many standard deviations. */
const deviationsOf95Percent = 1.959964;
const noticedStatuses = new Set(["Killed", "Timeout"]);
const unnoticedStatuses = new Set(["Survived", "NoCoverage"]);
/** StrykerJS's name for the changes of texts and templates: among them are words of messages, which no test need repeat. */
const textMutator = "StringLiteral";

/**
 * Whether the mutant that `name` names without ambiguity belongs to the sample: about `share` of all do (0 to 1), each independently of the
 * others, always the same of one seed; those of a smaller share belong to a larger one too.
 */
export function isSampled(name, share, seed) {
  const drawn = createHash("sha256").update(`${seed} ${name}`).digest().readUIntBE(0, 6) / 2 ** 48;
  return drawn < share;
}

/**
 * Where the share of a whole lies with 95 % confidence, as two numbers from 0 to 1, if `noticed` of `tried` drawn at random were noticed.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical Association 22
 * (1927): true to its name for few draws and near 1 also, where the normal approximation is not. `tried` is at least 1.
 */
export function wilsonInterval(noticed, tried) {
  const z2 = deviationsOf95Percent ** 2;
  const share = noticed / tried;
  const middle = (share + z2 / (2 * tried)) / (1 + z2 / tried);
  const half = (deviationsOf95Percent / (1 + z2 / tried)) * Math.sqrt((share * (1 - share)) / tried + z2 / (4 * tried ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Two lines: how many of StrykerJS's results were noticed, of all and of those that change no text; with the interval where they are a sample. */
export function summary(results, isSample) {
  const withoutTexts = results.filter(({ mutatorName }) => mutatorName !== textMutator);
  return [line("all changes", results, isSample), line("but for texts", withoutTexts, isSample)].join("\n");
}

function line(what, results, isSample) {
  const noticed = results.filter(({ status }) => noticedStatuses.has(status)).length;
  const tried = noticed + results.filter(({ status }) => unnoticedStatuses.has(status)).length;
  if (tried === 0) return `${what}: none was tried`;
  const [lowest, highest] = wilsonInterval(noticed, tried).map(percent);
  const interval = isSample ? `; of all that could be, ${lowest} to ${highest} with 95 % confidence` : "";
  return `${what}: ${noticed} of ${tried} noticed, ${percent(noticed / tried)}${interval}`;
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
