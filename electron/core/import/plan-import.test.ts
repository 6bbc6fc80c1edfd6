import { describe, expect, it } from "vitest";
import { readClientFile } from "./client-file.ts";
import { planImport, type PlannedServer, type Surroundings } from "./plan-import.ts";

const nothing: Surroundings = { ids: new Map(), secrets: new Set() };
const plan = (servers: Record<string, unknown>, around: Partial<Surroundings> = {}) =>
  planImport(readClientFile(JSON.stringify({ mcpServers: servers }, null, 2), "mcp.json"), { ...nothing, ...around });

function only(entry: unknown, around: Partial<Surroundings> = {}): PlannedServer {
  const { servers, refused } = plan({ s: entry }, around);
  expect(refused).toEqual([]);
  return servers[0]!;
}
const refusal = (entry: unknown) => plan({ s: entry }).refused[0]?.message;

const token = "ghp_0123456789abcdef0123";

describe("a server of another client", () => {
  it.each([
    ["a command", { command: "npx", args: ["-y", "x"] }, { transport: "stdio", command: "npx", args: ["-y", "x"] }],
    [
      "a command with its kind",
      { type: "stdio", command: "x", env: { A: "1" } },
      { transport: "stdio", command: "x", env: { A: "1" } },
    ],
    ["a URL", { url: "https://x.test/mcp" }, { transport: "http", url: "https://x.test/mcp" }],
    [
      "a URL for server-sent events",
      { type: "sse", url: "https://x.test/sse" },
      { transport: "http", url: "https://x.test/sse" },
    ],
    [
      "a URL with headers",
      { type: "http", url: "https://x.test", headers: { "X-A": "b" } },
      { transport: "http", url: "https://x.test", headers: { "X-A": "b" } },
    ],
    ["Windsurf's word for a URL", { serverUrl: "https://x.test" }, { transport: "http", url: "https://x.test" }],
    ["a WebSocket's URL", { url: "wss://x.test" }, { transport: "websocket", url: "wss://x.test" }],
    [
      "numbers and nulls among variables",
      { command: "x", env: { PORT: 80, A: null } },
      { transport: "stdio", command: "x", env: { PORT: "80" } },
    ],
  ])("with %s becomes a server file's settings", (_, entry, settings) => {
    expect(only(entry).settings).toEqual(settings);
  });

  it.each([
    ["Claude Code's variable", "${TOKEN}", "env://TOKEN"],
    ["VS Code's and Cursor's variable", "${env:TOKEN}", "env://TOKEN"],
    ["a last word", "Bearer ${TOKEN}", "Bearer env://TOKEN"],
    ["what follows =", "--token=${TOKEN}", "--token=env://TOKEN"],
    ["a default that is empty", "${TOKEN:-}", "env://TOKEN"],
    ["a default", "https://${HOST:-x.test}/a", "https://x.test/a"],
    ["the person's folder", "${userHome}/notes", "${home}/notes"],
    ["the person's folder as a variable", "${HOME}/notes", "${home}/notes"],
    ["a question to the person", "${input:gh token}", "secrets://gh-token"],
    ["nothing of the kind", "$HOME and {x}", "$HOME and {x}"],
  ])("has %s in a server file's words", (_, text, expected) => {
    expect(only({ command: "x", args: [text] }).settings).toMatchObject({ args: [expected] });
  });

  it("tells of secrets that its client asks for, and asks for each once", () => {
    const ask = { command: "x", env: { T: "${input:github_token}" } };
    const { servers } = plan({ a: ask, b: ask }, { secrets: new Set(["other"]) });
    expect(servers.map(({ shown }) => shown.asked)).toEqual([["github_token"], ["github_token"]]);
  });

  it("cannot reach a secret that the vault holds already, by a question's name or otherwise", () => {
    const server = only({ command: "x", env: { T: "${input:github}" } }, { secrets: new Set(["github"]) });
    expect(server.settings).toMatchObject({ env: { T: "secrets://github-2" } });
    for (const text of ["secrets://github", "Bearer secrets://github", "--t=secrets://github"]) {
      expect(refusal({ command: "x", args: [text] })).toContain("names a secret of the vault");
      expect(refusal({ url: "https://x.test", headers: { A: text } })).toContain("names a secret of the vault");
    }
  });

  it.each([
    ["no map", "npx", "a server is a map"],
    ["neither command nor URL", {}, "no `command` and no `url`"],
    ["both", { command: "x", url: "https://x.test" }, "both `command` and `url`"],
    ["a kind that there is none of", { type: "carrier-pigeon", command: "x" }, "`type` is none of"],
    ["a kind that is not what it has", { type: "http", command: "x" }, "asks for a `url`"],
    ["a URL of no server", { url: "file:///etc/passwd" }, "must start with"],
    ["a URL that is none", { url: "x.test" }, "not a URL"],
    ["arguments that are no list", { command: "x", args: "-y" }, "`args` must be a list"],
    ["an argument that is no text", { command: "x", args: [{}] }, "`args[0]` must be text"],
    ["variables that are no map", { command: "x", env: ["A=b"] }, "`env` must be a map"],
    ["a command that is empty", { command: "" }, "`command`"],
    ["a variable within other text", { url: "https://${HOST}/mcp" }, "within other text"],
    ["a folder that only its client knows", { command: "x", args: ["${workspaceFolder}/a"] }, "only the client knows"],
    ["an order that only its client knows", { command: "x", args: ["${command:pick}"] }, "unknown here"],
  ])("with %s cannot be imported, and says why", (_, entry, why) => {
    const { servers, refused } = plan({ bad: entry, good: { command: "x" } });
    expect(refused).toMatchObject([
      { name: "bad", line: 3, column: 5, message: expect.stringContaining(why) as string },
    ]);
    expect(servers.map(({ about }) => about.id)).toEqual(["good"]);
  });

  it("tells what of it is left out", () => {
    const { shown } = only({ command: "x", alwaysAllow: ["y"], envFile: ".env", disabled: true });
    expect(shown.notes).toEqual(["left out: alwaysAllow, envFile"]);
  });
});

describe("an id", () => {
  it.each([
    ["GitHub", "github"],
    ["My Server (dev)", "my-server-dev"],
    ["@scope/server", "scope-server"],
    ["Café", "cafe"],
    ["_x", "x"],
    ["../../etc", "etc"],
    ["con", "con-server"],
  ])("is made of %s", (name, id) => {
    expect(plan({ [name]: { command: "x" } }).servers[0]!.about).toEqual({ id, title: name });
  });

  it("that would be another server's is told, and its server left out", () => {
    const { servers, refused } = plan(
      { github: { command: "a" }, Notes: { command: "b" }, notes: { command: "c" }, 天气: { command: "d" } },
      { ids: new Map([["github", "/c/servers/github.yaml"]]) },
    );
    expect(servers.map(({ about }) => about.id)).toEqual(["notes"]);
    expect(refused.map(({ name, message }) => [name, message])).toEqual([
      ["github", "its id `github` is already that of /c/servers/github.yaml"],
      ["notes", 'its id `notes` is already that of "Notes" in this file'],
      ["天气", "its name has no letter or digit that an id could be made of"],
    ]);
  });
});

describe("a credential in a client's file", () => {
  const command = "x";
  const url = "https://x.test/mcp";
  it.each([
    ["a variable", { command, env: { GITHUB_TOKEN: token } }, "env.GITHUB_TOKEN", "s/GITHUB_TOKEN", "", token],
    ["a variable told by its value", { command, env: { GH: token } }, "env.GH", "s/GH", "", token],
    [
      "a variable with a URL",
      { command, env: { DB: "postgres://u:hunter2@h/d" } },
      "env.DB",
      "s/DB",
      "",
      "postgres://u:hunter2@h/d",
    ],
    [
      "a header",
      { url, headers: { Authorization: `Bearer ${token}` } },
      "headers.Authorization",
      "s/Authorization",
      "Bearer ",
      token,
    ],
    ["a header for a key", { url, headers: { "X-API-Key": "k3y" } }, "headers.X-API-Key", "s/X-API-Key", "", "k3y"],
    ["a flag's value", { command, args: ["--api-key", "k3y"] }, "args[1]", "s/api-key", "", "k3y"],
    ["a flag and its value", { command, args: ["--token=t0p secret"] }, "args[0]", "s/token", "--token=", "t0p secret"],
    [
      "a header among arguments",
      { command, args: ["--header", `Authorization: Bearer ${token}`] },
      "args[1]",
      "s/Authorization",
      "Authorization: Bearer ",
      token,
    ],
    [
      "a variable among arguments",
      { command, args: ["run", "-e", `TOKEN=${token}`] },
      "args[2]",
      "s/TOKEN",
      "TOKEN=",
      token,
    ],
    [
      "a URL among arguments",
      { command, args: ["postgresql://u:hunter2@h/d"] },
      "args[0]",
      "s/args-0",
      "",
      "postgresql://u:hunter2@h/d",
    ],
    ["a URL's last parameter", { url: `${url}?a=1&api_key=k3y` }, "url", "s/api_key", `${url}?a=1&api_key=`, "k3y"],
  ])("as %s is found, and named for the vault", (_, entry, key, secret, before, value) => {
    const server = only(entry);
    expect(server.shown.credentials).toEqual([{ key, secret }]);
    expect(server.credentials).toMatchObject([{ before, value }]);
    expect(JSON.stringify(server.shown)).not.toContain(value);
    expect(JSON.stringify(server.credentials[0]!.replace(server.settings, "gone"))).not.toContain(value);
  });

  it.each([
    ["within a URL", `https://u:${token}@x.test/mcp`],
    ["in a parameter that is not the last", `https://x.test/mcp?token=${token}&a=1`],
    ["in a path", `https://x.test/${token}/mcp`],
  ])("%s is shown masked, and has no place in the vault", (_, address) => {
    const { shown } = only({ url: address });
    expect(shown.credentials).toEqual([{ key: "url", secret: null }]);
    expect(shown.target).not.toContain(token);
  });

  it("is none where there is a reference, a switch, a place or nothing", () => {
    const env = {
      TOKEN: "${TOKEN}",
      A_TOKEN: "",
      USE_AUTH: "true",
      SSH_KEY: "~/.ssh/id",
      KEY_FILE: "/k",
      PATH: "/bin",
    };
    expect(only({ command, env }).shown.credentials).toEqual([]);
  });

  it("is named as no other secret is", () => {
    const { shown } = only({ command, env: { T_TOKEN: "a1b2c3", t_token: "d4" } }, { secrets: new Set(["s/T_TOKEN"]) });
    expect(shown.credentials.map(({ secret }) => secret)).toEqual(["s/T_TOKEN-2", "s/t_token"]);
  });

  it("is shown beside everything that its server would be started with", () => {
    const args = ["-y", "a b", "--token", token];
    const { shown } = only({ command: "npx", args, env: { NODE_OPTIONS: "--require /x.js", TOKEN: token }, cwd: "/w" });
    expect(shown).toMatchObject({
      target: 'npx -y "a b" --token •••',
      settings: ["NODE_OPTIONS=--require /x.js", "TOKEN=•••", "in /w"],
    });
  });
});
