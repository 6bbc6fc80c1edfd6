import { describe, expect, it } from "vitest";
import { parseServerFile } from "./server-file.ts";

const file = "/catalog/servers/x.yaml";

function problemsOf(text: string): string[] {
  const parsed = parseServerFile(text, file);
  if (!("problems" in parsed)) throw new Error("nothing is wrong with it");
  return parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("parseServerFile", () => {
  it("fills in what a file leaves out", () => {
    const parsed = parseServerFile('id: files\ntransport: stdio\ncommand: ${node}\nargs: ["${app}/x.js"]\n', file);
    expect(parsed).toMatchObject({
      config: { id: "files", transport: "stdio", enabled: true, trusted: false, timeout: 30_000, env: {} },
    });
  });

  it.each([
    ["an unknown key", "id: a\ntransport: http\nurl: http://x\ntimout: 5\n", "4:1 unknown key `timout`"],
    [
      "a wrong type",
      "id: a\ntransport: http\nurl: http://x\nenabled: sure\n",
      "4:10 expected true or false; found `sure`",
    ],
    ["a missing key", "transport: http\nurl: http://x\n", "1:1 `id` is required"],
    ["a wrong transport", "id: a\ntransport: ftp\n", "2:12 expected stdio, http or websocket; found `ftp`"],
    [
      "a wrong id",
      "id: A b\ntransport: http\nurl: http://x\n",
      "1:5 a server id is lower-case letters, digits, _ and -, and starts with a letter or digit",
    ],
    [
      "a client secret as it is",
      "id: a\ntransport: http\nurl: http://x\nauth: { type: oauth, client_id: c, client_secret: hunter22 }\n",
      "4:51 must be a reference, `env://NAME` or `secrets://name`, rather than the secret",
    ],
    [
      "a client secret that any authorization server could ask for",
      "id: a\ntransport: http\nurl: http://x\nauth: { type: oauth, client_id: c, client_secret: env://S }\n",
      "4:51 it needs `issuer` beside it: the one authorization server that the secret is for",
    ],
    [
      "client credentials without any",
      "id: a\ntransport: http\nurl: http://x\nauth: { type: oauth, grant: client_credentials }\n",
      "4:29 client_credentials needs `client_id` and `client_secret` too",
    ],
    [
      "two ways to sign in",
      "id: a\ntransport: http\nurl: http://x\nheaders: { Authorization: env://T }\nauth: { type: oauth }\n",
      "5:1 the header `Authorization` stands in its way; keep one of them",
    ],
    [
      "a sign-in to a process",
      "id: a\ntransport: stdio\ncommand: x\nauth: { type: oauth }\n",
      "4:1 unknown key `auth`",
    ],
    ["a duplicate key", "id: a\nid: b\n", "2:1 duplicate key `id`"],
    ["an anchor", "id: &a x\n", "1:8 aliases and anchors (* and &) are not allowed; write the value out"],
    ["broken YAML", "id: a\n\targs: []\n", "2:1 Tabs are not allowed as indentation"],
    ["a list", "- id: a\n", "1:1 expected a map; found a list"],
    [
      "a URL of another scheme",
      "id: a\ntransport: http\nurl: ftp://x\n",
      "3:6 a http server's URL must start with http:// or https://, not ftp:",
    ],
    [
      "a URL of another transport",
      "id: a\ntransport: websocket\nurl: http://x\n",
      "3:6 a websocket server's URL must start with ws:// or wss://, not http:",
    ],
    ["no URL", "id: a\ntransport: http\nurl: localhost\n", "3:6 not a URL; it must start with http:// or https://"],
  ])("names the line and column of %s", (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it("names the place of an unknown placeholder", () => {
    const [problem] = problemsOf("id: a\ntransport: stdio\ncommand: run\nargs:\n  - ok\n  - ${HOME}\n");
    expect(problem).toMatch(/^6:5 unknown placeholder \$\{HOME\}; there are \$\{node\}, /);
  });

  it("names every problem, in the order of the file", () => {
    expect(problemsOf("id: 5\ntransport: stdio\nwrong: 1\ncommand: ''\n")).toEqual([
      "1:5 expected text; found 5",
      "3:1 unknown key `wrong`",
      "4:10 must not be empty",
    ]);
  });

  it("does not repeat what stands in a header or a variable", () => {
    expect(problemsOf("id: a\ntransport: http\nurl: http://x\nheaders:\n  X-Pin: 123456\n")).toEqual([
      "5:10 expected text",
    ]);
  });

  it("says that a file is empty", () => {
    expect(problemsOf("# nothing\n")[0]).toContain("the file is empty");
  });
});
