import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { tenantAside, tenantReason } from "../../../../optimizer/core/sizing/tenant.ts";
import { tagged } from "../../../support/world.ts";

const byDefault = defaultPolicy.tenantTags;

describe("a tenant beside a name", () => {
  it("is told by the tag, or as one that may be where the tags could not be read", () => {
    expect(tenantAside(tagged({ TenantName: "acme" }), byDefault)).toBe(`a tenant's (tag "TenantName")`);
    expect(tenantAside({ kind: "unreadable", reason: "AccessDenied" }, byDefault)).toBe("maybe a tenant's (its tags could not be read: AccessDenied)");
    expect(tenantAside(tagged({ team: "web" }), byDefault)).toBeUndefined();
  });

  it("is marked by the usual word where a plan of an older release says nothing of tags", () => {
    expect(tenantReason([tagged({ TenantName: "acme" })], undefined)).toContain('"TenantName"');
    expect(tenantReason([tagged({ team: "web" })], undefined)).toBeUndefined();
  });
});

describe("a tenant's own resource", () => {
  it.each([
    "TenantId",
    "tenantid",
    "TENANT_ID",
    "tenant-id",
    "Tenant Id",
    "tenant",
    "Tenant",
    "tenant:x",
    "tenant:id",
    "saas:tenant",
    "acme/tenant-id",
    "x.tenantId",
    "TenantName",
    "customer-tenant-id",
    "tenant=id",
    "Multi-Tenant",
    "tenants",
    "T E N A N T",
    "te_na.nt",
    "Mandant+Tenant",
    "ＴｅｎａｎｔＩｄ",
    "тenant",
    "tеnаnt-id",
    "ᴛᴇɴᴀɴᴛ",
    "te\u200Bnant",
    "tênánt",
    "TEΝAΝT",
    "тенант-id",
    "Ⲧⲉⲛⲁⲛⲧ",
    "ꓔꓰꓠꓮꓠꓔ",
    "ŧɛŋⱥŋŧ",
    "te\u3164nant",
    "te\u0640nant",
    "ten@nt",
    "t3n4nt",
    "Owner/Tenant",
    "app.kubernetes.io/tenant",
    "aws:cloudformation:tenant",
  ])("is marked by the tag %s", (name) => {
    expect(tenantReason([tagged({ [name]: "a" })], byDefault)).toContain(JSON.stringify(name));
  });

  it.each(["Name", "tenancy", "maintenance", "Owner", "ten", "ant", "customer", "t-e-n", "antenna", "tenth-ant", ""])("is not marked by the tag %s", (name) => {
    expect(tenantReason([tagged({ [name]: "tenant" })], byDefault)).toBeUndefined();
  });

  it("is marked by an empty value, and by a tag of any parent or member", () => {
    expect(tenantReason([tagged({}), tagged({ TenantId: "" })], byDefault)).toBeDefined();
    expect(tenantReason([], byDefault)).toBeUndefined();
  });

  it("is marked by further words of the policy, and not by keys it excepts", () => {
    const widened = { also: ["customer id"], never: [] };
    expect(tenantReason([tagged({ CustomerID: "7" })], widened)).toContain('"CustomerID"');
    expect(tenantReason([tagged({ TenantId: "7" })], widened)).toContain('"TenantId"');
    const narrowed = { also: [], never: ["multi-tenant"] };
    expect(tenantReason([tagged({ Multi_Tenant: "yes" })], narrowed)).toBeUndefined();
    expect(tenantReason([tagged({ Multi_Tenant: "yes", tenant: "7" })], narrowed)).toContain('"tenant"');
  });

  it("is assumed where tags cannot be read", () => {
    expect(tenantReason([tagged({}), { kind: "unreadable", reason: "AccessDenied" }], byDefault)).toBe(
      "tags could not be read (AccessDenied), so it counts as a tenant's",
    );
  });

  it("is recognized in any casing and with any separator", () => {
    const letters = fc.tuple(..."tenantid".split("").map((letter) => fc.constantFrom(letter, letter.toUpperCase())));
    fc.assert(
      fc.property(letters, fc.constantFrom("", "-", "_", ":", " "), (spelled, separator) => {
        const name = `${spelled.slice(0, 6).join("")}${separator}${spelled.slice(6).join("")}`;
        expect(tenantReason([tagged({ [name]: "1" })], byDefault)).toBeDefined();
      }),
    );
  });
});
