import type { Block } from "./stack-document.ts";

/** What a computed attribute is made of. */
export interface SelfView {
  readonly block: Block;
  readonly accountId: string;
  readonly region: string;
  /** The evaluated argument; `undefined` when not configured. */
  argument(name: string): unknown;
  /** The evaluated argument as text; throws the UserError `not-simulated` when it is not configured. */
  text(name: string): string;
  /** Another attribute of the same block. */
  attribute(name: string): unknown;
  /** Hex digits that are always the same for this block in this account. */
  hex(length: number): string;
}

/** Computes one attribute that AWS, not the stack, decides. */
type ComputedAttribute = (self: SelfView) => unknown;

/**
 * What AWS decides of a type, by attribute, in the forms AWS gives identifiers
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html, "Resource types").
 */
export type Attributes = Readonly<Record<string, ComputedAttribute>>;

/** `arn:aws:<service>:<region>:<account>:<resource>`. */
export function arn(service: string, resource: (self: SelfView) => string, scope: "region" | "account" | "none" = "region"): ComputedAttribute {
  return (self) => {
    const region = scope === "region" ? self.region : "";
    const account = scope === "none" ? "" : self.accountId;
    return `arn:aws:${service}:${region}:${account}:${resource(self)}`;
  };
}

export const argument =
  (name: string): ComputedAttribute =>
  (self) =>
    self.text(name);

export const attribute =
  (name: string): ComputedAttribute =>
  (self) =>
    self.attribute(name);

/** `<prefix>-0` and 16 hex digits. */
export const prefixed =
  (prefix: string): ComputedAttribute =>
  (self) =>
    `${prefix}-0${self.hex(16)}`;

export const uuid: ComputedAttribute = (self) => {
  const hex = self.hex(32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

export const idOf = (self: SelfView): string => String(self.attribute("id"));

/** A type whose id is the argument that names it. */
export const named = (name: string): Attributes => ({ id: argument(name), [name]: argument(name) });

/** A type whose id is its ARN. */
export const arnIsId = (attributes: Attributes & { readonly arn: ComputedAttribute }): Attributes => ({ ...attributes, id: attributes.arn });

/** Things with no identity of their own that anything refers to. */
export const anonymous: Attributes = { id: (self) => self.hex(16) };
