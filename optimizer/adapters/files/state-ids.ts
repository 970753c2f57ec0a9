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

const origins: Readonly<Record<keyof typeof forms, string>> = {
  "run id": "`optimizer runs` lists the runs.",
  "plan hash": "`optimizer runs` lists the runs and their plans.",
  "baseline hash": "It stands in the plan; make the plan again if it was altered.",
  "account id": "It has twelve digits and stands in the plan.",
  region: "Expected a name such as us-east-1.",
  "lock id": "Take the id from the message that says who holds the lock.",
};

export function isId(kind: keyof typeof forms, name: string): boolean {
  return forms[kind].test(name);
}

/** The id itself, or a UserError that names what is wrong with it. */
export function checkedId(kind: keyof typeof forms, id: string): string {
  if (isId(kind, id)) return id;
  throw new UserError({ code: "bad-id", message: `${JSON.stringify(id)} is not a ${kind}`, hint: origins[kind] });
}
