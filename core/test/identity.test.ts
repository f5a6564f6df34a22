import { describe, expect, it } from "vitest";
import { identityOf } from "../src/identity.ts";

const jwt = (claims: object): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "ES256" })}.${part(claims)}.signature`;
};

describe("whom a token speaks for", () => {
  it("stays the same when the token is renewed", () => {
    const one = jwt({ iss: "https://id.example", sub: "ada", exp: 1 });
    const two = jwt({ iss: "https://id.example", sub: "ada", exp: 2 });
    expect(identityOf(one)).toBe(identityOf(two));
  });

  it.each([
    ["another subject", { iss: "a", sub: "grace" }],
    ["another issuer", { iss: "b", sub: "ada" }],
    ["another tenant", { iss: "a", sub: "ada", org_id: "x" }],
  ])("changes with %s", (_, claims) => {
    expect(identityOf(jwt(claims))).not.toBe(identityOf(jwt({ iss: "a", sub: "ada" })));
  });

  it.each(["opaque", "with.a.dot", "with.!!!.dots", jwt({ exp: 1 })])(
    "is the whole of a token that can't be read: %s",
    (token) => {
      expect(identityOf(token)).toBe(token);
    },
  );

  it("reads names in any script", () => {
    expect(identityOf(jwt({ sub: "Žofia" }))).toContain("Žofia");
  });

  it("is nobody without a token", () => {
    expect(identityOf(null)).toBe("");
  });
});
