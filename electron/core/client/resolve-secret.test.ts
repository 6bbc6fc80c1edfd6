import { expect, it } from "vitest";
import { resolveSecret } from "./resolve-secret.ts";

it("looks variables up, and takes anything else as it is", () => {
  expect(resolveSecret("env://TOKEN", { TOKEN: "abc" })).toBe("abc");
  expect(resolveSecret("plain", {})).toBe("plain");
});

it("names a secret that is not there, and shows no value", () => {
  expect(() => resolveSecret("env://TOKEN", { OTHER: "t0p" })).toThrow(/^(?=.*TOKEN)(?!.*t0p)/);
  expect(() => resolveSecret("secrets://github/token", {})).toThrow(/secrets:\/\/github\/token/);
});
