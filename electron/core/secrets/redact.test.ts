import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mask, Redactor } from "./redact.ts";
import { isSensitiveName } from "./sensitive-name.ts";

const secret = 'p@ss "word"/+é';

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const each of secrets) redactor.add(each);
  return redactor;
}

describe("Redactor", () => {
  it.each([
    ["plain", secret],
    ["JSON", JSON.stringify({ secret })],
    ["a URL", `https://example.com/?key=${encodeURIComponent(secret)}`],
    ["a form", new URLSearchParams({ key: "correct horse battery" }).toString()],
    ["base64", Buffer.from(secret).toString("base64")],
    ["base64url", Buffer.from(secret).toString("base64url")],
    ["basic credentials", `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`],
    ["basic credentials with another name", `Basic ${Buffer.from(`users:${secret}!`).toString("base64")}`],
  ])("masks a secret in %s", (_, text) => {
    const masked = redactorOf(secret, "correct horse battery").text(text);
    expect(masked).toContain(mask);
    expect(masked).not.toContain(secret);
  });

  it("leaves no trace of any secret in its base64, whatever surrounds it", () => {
    const words = fc.string({ minLength: 12, maxLength: 40, unit: "grapheme-ascii" });
    fc.assert(
      fc.property(words, fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (word, before, after) => {
        const masked = redactorOf(word).text(Buffer.from(before + word + after).toString("base64"));
        expect(masked).toContain(mask);
      }),
    );
  });

  it("forgets a secret that is none any more, and nothing that another is written with", () => {
    const redactor = redactorOf("a-token-of-old", "a-token-of-now");
    redactor.add("a-token-of-old");
    redactor.forget("a-token-of-old");
    redactor.forget("never known");
    expect(redactor.text("a-token-of-old a-token-of-now")).toBe(`a-token-of-old ${mask}`);
    redactor.add("a-token-of-old");
    expect(redactor.text("a-token-of-old")).toBe(mask);
  });

  it("masks the longer of two secrets first", () => {
    expect(redactorOf("abcd", "abcdefgh").text("abcdefgh abcd")).toBe(`${mask} ${mask}`);
  });

  it("does not mask what is too short to be told from ordinary words", () => {
    expect(redactorOf("ab").text("cabbage")).toBe("cabbage");
  });

  it("masks strings and keys of data, and hands back what holds no secret as it is", () => {
    const clean = { list: [1, null, "x"] };
    const data = { [secret]: [secret, { deep: `a ${secret} b` }], clean };
    const masked = redactorOf(secret).value(data);
    expect(masked).toEqual({ [mask]: [mask, { deep: `a ${mask} b` }], clean });
    expect(masked.clean).toBe(clean);
    expect(redactorOf(secret).value(clean)).toBe(clean);
  });

  it("masks what is nested too deeply to walk", () => {
    let data: unknown = secret;
    for (let depth = 0; depth < 10_000; depth++) data = [data];
    expect(JSON.stringify(redactorOf(secret).value(data))).not.toContain("word");
  });
});

it("leaves short secrets alone where things are found by their names", () => {
  const redactor = redactorOf("postgres", "ghp_0123456789abcdef");
  expect(redactor.tokens({ id: "postgres", note: "ghp_0123456789abcdef" })).toEqual({ id: "postgres", note: mask });
  const clean = { id: "postgres" };
  expect(redactor.tokens(clean)).toBe(clean);
});

it("masks the message of an error, and leaves the error what it is", () => {
  const redactor = new Redactor();
  redactor.add("hunter2");
  const error = new TypeError("it repeats hunter2");
  expect(redactor.error(error)).toBe(error);
  expect(error.message).toBe("it repeats •••");
  expect(redactor.error("hunter2")).toBe("hunter2");
});

describe("isSensitiveName", () => {
  it.each([
    "Authorization",
    "Proxy-Authorization",
    "Cookie",
    "X-Api-Key",
    "api_key",
    "GITHUB_TOKEN",
    "accessToken",
    "DB_PASSWORD",
    "client_secret",
    "SSH_PASSPHRASE",
    "AccountKey",
  ])("%s is", (name) => expect(isSensitiveName(name)).toBe(true));
  it.each(["Accept", "X-Request-Id", "PATH", "KEYBOARD", "LOG_LEVEL", "tokenizer_path", "TOKEN_FILE"])(
    "%s is not",
    (name) => expect(isSensitiveName(name)).toBe(false),
  );
});
