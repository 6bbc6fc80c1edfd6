import { expect, it } from "vitest";
import { deriveKey, newScrypt, seal, unseal } from "./seal.ts";

const scrypt = { ...newScrypt(), cost: 16 };
const key = deriveKey("correct horse battery staple", scrypt);

it("opens with the same key, beside the same words", () => {
  const sealed = seal(key, "tökén", "github");
  expect(sealed).not.toContain("tökén");
  expect(unseal(key, sealed, "github")).toBe("tökén");
  expect(unseal(deriveKey("correct horse battery staple", scrypt), sealed, "github")).toBe("tökén");
});

it("never seals the same text to the same bytes", () => {
  expect(seal(key, "token", "")).not.toBe(seal(key, "token", ""));
});

it.each([
  ["another passphrase", (sealed: string) => unseal(deriveKey("another horse", scrypt), sealed, "github")],
  [
    "another salt",
    (sealed: string) =>
      unseal(deriveKey("correct horse battery staple", { ...scrypt, salt: "AAAA" }), sealed, "github"),
  ],
  ["other words", (sealed: string) => unseal(key, sealed, "gitlab")],
  ["one byte changed", (sealed: string) => unseal(key, flipLastByte(sealed), "github")],
  ["too few bytes", () => unseal(key, "AAAA", "github")],
  ["nothing", () => unseal(key, "", "github")],
])("does not open with %s", (_, open) => {
  expect(open(seal(key, "token", "github"))).toBeNull();
});

function flipLastByte(sealed: string): string {
  const bytes = Buffer.from(sealed, "base64");
  bytes[bytes.length - 1]! ^= 1;
  return bytes.toString("base64");
}
