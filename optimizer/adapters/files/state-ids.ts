import { UserError } from "../../../contract/user-error.ts";

/** What may become part of a path in the state folder. Nothing else does, so no id can lead out of it. */
const forms = {
  "run id": /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/,
  "plan hash": /^[0-9a-f]{64}$/,
  "baseline hash": /^[0-9a-f]{64}$/,
  "account id": /^\d{12}$/,
  region: /^[a-z]{2,}(?:-[a-z]+)+-\d+$/,
  "lock id": /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
} as const;

/** The id itself, or a UserError that names what is wrong with it. */
export function checkedId(kind: keyof typeof forms, id: string): string {
  if (forms[kind].test(id)) return id;
  throw new UserError({ code: "bad-id", message: `${JSON.stringify(id)} is not a ${kind}`, hint: "`optimizer runs` lists runs and their plans." });
}
