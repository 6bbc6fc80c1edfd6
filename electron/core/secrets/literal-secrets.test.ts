import { describe, expect, it } from "vitest";
import { maskUrls, maskWords } from "./literal-secrets.ts";

function heardFrom(mask: (tell: (secret: string) => void) => unknown): string[] {
  const heard = new Set<string>();
  mask((secret) => heard.add(secret));
  return [...heard];
}

describe("maskUrls", () => {
  it.each([
    ["https://host/mcp?x=1", "https://host/mcp?x=1", []],
    ["https://me:s%40cret@host/", "https://•••@host/", ["s%40cret", "s@cret"]],
    ["https://tok@host/", "https://•••@host/", ["tok"]],
    [
      "https://ghp_0123456789abcdefghij:x-oauth-basic@host/",
      "https://•••@host/",
      ["x-oauth-basic", "ghp_0123456789abcdefghij"],
    ],
    ["postgresql://u:p@h/db", "postgresql://•••@h/db", ["p"]],
    ["mongodb://u:pass@a:1,b:2/db", "mongodb://•••@a:1,b:2/db", ["pass"]],
    ["postgres://u:pa/ss@h:5432/db", "postgres://•••@h:5432/db", ["pa/ss"]],
    [
      "https://h/x?key=abc&page=2&api_key=def#access_token=g",
      "https://h/x?key=•••&page=2&api_key=•••#access_token=•••",
      ["abc", "def", "g"],
    ],
    ["https://h/@scope/pkg@1.0", "https://h/@scope/pkg@1.0", []],
    ["https://h/?%74oken=%zz", "https://h/?%74oken=•••", ["%zz"]],
    ["two: http://a@h http://b@h", "two: http://•••@h http://•••@h", ["a", "b"]],
    ["https://${fault-lab}/", "https://${fault-lab}/", []],
  ])("%s", (text, masked, secrets) => {
    expect(maskUrls(text)).toBe(masked);
    expect(heardFrom((tell) => maskUrls(text, tell))).toEqual(secrets);
  });
});

describe("maskWords", () => {
  it.each([
    [["--token", "abc", "--port", "80"], ["--token", "•••", "--port", "80"], ["abc"]],
    [["--api-key=def", "-v"], ["--api-key=•••", "-v"], ["def"]],
    [
      ["--header", "Authorization: Bearer abc"],
      ["--header", "Authorization: •••"],
      ["Bearer abc", "abc"],
    ],
    [["--header=X-Api-Key:abc"], ["--header=X-Api-Key:•••"], ["abc"]],
    [["-HAuthorization: Bearer abc"], ["-HAuthorization: •••"], ["Bearer abc", "abc"]],
    [["-e", "TOKEN=abc", "-e", "MODE=fast"], ["-e", "TOKEN=•••", "-e", "MODE=fast"], ["abc"]],
    [["-eDB_PASSWORD=abc"], ["-eDB_PASSWORD=•••"], ["abc"]],
    [["--env=GITHUB_TOKEN=abc"], ["--env=GITHUB_TOKEN=•••"], ["abc"]],
    [["Server=h;Password=a;b"], ["Server=h;Password=•••"], ["a;b"]],
    [['{"Authorization": "Bearer abc", "x": 1}'], ['{"Authorization": •••'], ["Bearer abc", "abc"]],
    [["--token-file", "/run/t"], ["--token-file", "/run/t"], []],
    [["postgresql://u:pw@h/db"], ["postgresql://•••@h/db"], ["pw"]],
    [["--url=https://h/?token=a&page=2"], ["--url=https://h/?token=•••&page=2"], ["a"]],
    [["DATABASE_URL=postgres://u:pw@h/db"], ["DATABASE_URL=postgres://•••@h/db"], ["pw"]],
    [
      ["--token", "env://T", "Authorization: Bearer env://T"],
      ["--token", "env://T", "Authorization: Bearer env://T"],
      [],
    ],
    [["--token=", "server.js", "--mode=a:b", "C:\\x"], ["--token=", "server.js", "--mode=a:b", "C:\\x"], []],
  ])("%j", (words, masked, secrets) => {
    expect(maskWords(words)).toEqual(masked);
    expect(heardFrom((tell) => maskWords(words, tell))).toEqual(secrets);
  });
});
