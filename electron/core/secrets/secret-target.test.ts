import { describe, expect, it } from "vitest";
import { serverConfigSchema } from "../../../shared/server.ts";
import { secretTarget } from "./secret-target.ts";

const targetOf = (config: object) => secretTarget(serverConfigSchema.parse({ id: "github", ...config }));

const local = {
  ...{ transport: "stdio", command: "npx", args: ["-y", "server-github"] },
  env: { B: "1", TOKEN: "secrets://github" },
};
const remote = { transport: "http", url: "https://mcp.example.com/mcp", headers: { A: "secrets://github" } };
const auth = {
  ...{ type: "oauth", client_id: "me", client_secret: "secrets://github" },
  issuer: "https://login.example.com",
};

describe("where a secret goes", () => {
  it.each<[string, object, object]>([
    ["another command", local, { command: "curl" }],
    ["another argument", local, { args: ["-y", "server-github2"] }],
    ["arguments that are cut otherwise", local, { args: ["-y server-github"] }],
    ["another variable", local, { env: { ...local.env, NODE_OPTIONS: "--require ./x.js" } }],
    ["another value of a variable", local, { env: { ...local.env, B: "2" } }],
    ["another folder", local, { cwd: "/tmp" }],
    ["another host", remote, { url: "https://mcp.example.net/mcp" }],
    ["another port", remote, { url: "https://mcp.example.com:8443/mcp" }],
    ["another scheme", remote, { url: "http://mcp.example.com/mcp" }],
    ["another host behind a user's name", remote, { url: "https://mcp.example.com@example.net/mcp" }],
    [
      "another host, written oddly",
      { ...remote, url: "https:///mcp.example.com/mcp" },
      { url: "https:///example.net/mcp" },
    ],
    ["another placeholder", { ...remote, url: "${fault-lab}/mcp" }, { url: "${catalog}/mcp" }],
    ["another authorization server", { ...remote, auth }, { auth: { ...auth, issuer: "https://login.example.net" } }],
  ])("is another with %s", (_what, config, change) => {
    expect(targetOf({ ...config, ...change }).hash).not.toBe(targetOf(config).hash);
  });

  it.each<[string, object, object]>([
    ["another title, timeout or trust", local, { title: "GitHub", timeout: 5, trusted: true, enabled: false }],
    ["the variables in another order", local, { env: { TOKEN: "secrets://github", B: "1" } }],
    ["another path or query on the same origin", remote, { url: "https://mcp.example.com/v2/mcp?page=1" }],
    ["another header", remote, { headers: { A: "secrets://github", "X-Org": "me" } }],
    ["other scopes", { ...remote, auth }, { auth: { ...auth, scopes: ["read"] } }],
  ])("is the same with %s", (_what, config, change) => {
    expect(targetOf({ ...config, ...change })).toEqual(targetOf(config));
  });

  it.each<[object, string]>([
    [local, "B=1 TOKEN=secrets://github npx -y server-github"],
    [{ ...local, args: ["a b"], cwd: "/tmp/x y" }, `B=1 TOKEN=secrets://github npx "a b" in "/tmp/x y"`],
    [{ ...local, env: { API_KEY: "literal" }, args: ["--token", "literal"] }, "API_KEY=••• npx --token •••"],
    [remote, "https://mcp.example.com"],
    [{ ...remote, url: "https://me:literal@mcp.example.com/x?token=literal" }, "https://•••@mcp.example.com"],
    [{ ...remote, auth }, "https://mcp.example.com, signed in at https://login.example.com"],
    [{ ...local, env: {}, args: ["x".repeat(400)] }, `npx ${"x".repeat(296)}…`],
  ])("is shown without what is secret: %j", (config, shown) => {
    expect(targetOf(config).shown).toBe(shown);
  });
});
