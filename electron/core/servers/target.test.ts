import { describe, expect, it } from "vitest";
import { serverConfigSchema } from "../../../shared/server.ts";
import { fakeSecrets } from "../fake-secrets.ts";
import { mask, Redactor } from "../secrets/redact.ts";
import { describeTarget, resolveTarget, type TargetContext } from "./target.ts";

const file = "/catalog/servers/x.yaml";

function contextWith(env: Record<string, string> = {}): TargetContext {
  return {
    env,
    nodeRuntime: { command: "/usr/bin/node", env: { ELECTRON_RUN_AS_NODE: "1" } },
    placeholders: () => ({ app: "/app", home: "/home/me", catalog: "/catalog" }),
    redactor: new Redactor(),
    vault: fakeSecrets({ github: "gh&token", "whole-url": "https://h/?key=key-in-vault" }),
  };
}

const stdio = (settings: object) =>
  serverConfigSchema.parse({ id: "x", transport: "stdio", command: "run", ...settings });
const http = (settings: object) =>
  serverConfigSchema.parse({ id: "x", transport: "http", url: "http://host/mcp", ...settings });

describe("resolveTarget", () => {
  it("fills placeholders and references in, and adds what the node runtime needs where it is used", async () => {
    const config = stdio({
      command: "${node}",
      args: ["${app}/server.js", "${home}", "env://PLACE"],
      env: { API_TOKEN: "env://TOKEN", MODE: "fast" },
      cwd: "work",
      max_response_size: 99,
    });
    expect(await resolveTarget(config, file, contextWith({ TOKEN: "t0ken-value", PLACE: "${app}" }))).toEqual({
      kind: "stdio",
      command: "/usr/bin/node",
      args: ["/app/server.js", "/home/me", "${app}"],
      env: { ELECTRON_RUN_AS_NODE: "1", API_TOKEN: "t0ken-value", MODE: "fast" },
      cwd: "/catalog/work",
      maxResponseBytes: 99,
      roots: [],
    });
    expect(await resolveTarget(stdio({}), file, contextWith())).toMatchObject({ env: {} });
  });

  it("registers every reference, and what a name says is secret", async () => {
    const context = contextWith({ TOKEN: "t0ken-value" });
    await resolveTarget(
      http({
        headers: { "X-Plain": "env://TOKEN", Authorization: "Bearer inline-bearer", Accept: "application/json" },
      }),
      file,
      context,
    );
    await resolveTarget(stdio({ env: { DB_PASSWORD: "hunter22", MODE: "fast-mode" } }), file, context);
    await resolveTarget(http({ url: "https://me:p%40ssword@host/" }), file, context);
    expect(context.redactor.text("t0ken-value inline-bearer application/json hunter22 fast-mode p@ssword")).toBe(
      `${mask} ${mask} application/json ${mask} fast-mode ${mask}`,
    );
  });

  it("registers what stands in arguments and URLs as it is", async () => {
    const context = contextWith();
    const secrets = ["bearer-1", "token-2", "word-3", "pass-4", "user-5", "key-6", "pass-7"];
    await resolveTarget(
      stdio({
        args: [
          ...["--header", "Authorization: Bearer bearer-1", "-e", "TOKEN=token-2", "--token", "word-3"],
          ...["postgresql://u:pass-4@h", "https://user-5@h", "abc"],
        ],
        env: { DATABASE_URL: "postgres://u:pass-7@h/db" },
      }),
      file,
      context,
    );
    await resolveTarget(http({ url: "https://h/mcp?key=key-6" }), file, context);
    expect(context.redactor.text(secrets.join(" "))).toBe(secrets.map(() => mask).join(" "));
    expect(context.redactor.text("Bearer abc")).toBe("Bearer abc");
  });

  it.each([
    ["a variable that is not set", http({ headers: { Authorization: "Bearer env://NOPE" } }), "NOPE is not set"],
    ["a placeholder without a value", http({ url: "${fault-lab}" }), "uses ${fault-lab}, which stands for nothing"],
    [
      "a placeholder that there is not",
      stdio({ args: ["${constructor}"] }),
      "`args[0]` in /catalog/servers/x.yaml uses ${constructor}",
    ],
    ["a URL of another scheme", http({ url: "env://PLACE" }), "must start with http:// or https://"],
    [
      "a secret that the vault does not hold",
      http({ headers: { "X-Key": "secrets://gone" } }),
      "refers to secrets://gone",
    ],
    ["the vault's own key", stdio({ env: { KEY: "env://SWITCHGEAR_VAULT_KEY" } }), "which opens the vault"],
  ])("refuses %s, naming the file", async (_, config, words) => {
    const refused = resolveTarget(config, file, contextWith({ PLACE: "file:///etc", SWITCHGEAR_VAULT_KEY: "k" }));
    const message = expect.stringMatching(new RegExp(`(?=.*${escape(words)}).*${escape(file)}`)) as string;
    await expect(refused).rejects.toMatchObject({ code: "config_invalid", message });
  });

  it("puts the vault's secrets in place, encoded where they stand in a URL's query", async () => {
    const context = contextWith();
    const headers = { Authorization: "Bearer secrets://github" };
    expect(
      await resolveTarget(http({ url: "http://h/mcp?x=1&token=secrets://github", headers }), file, context),
    ).toMatchObject({
      url: "http://h/mcp?x=1&token=gh%26token",
      headers: { Authorization: "Bearer gh&token" },
    });
    expect(await resolveTarget(http({ url: "secrets://whole-url" }), file, context)).toMatchObject({
      url: "https://h/?key=key-in-vault",
    });
    expect(await resolveTarget(stdio({ args: ["--token=secrets://github"] }), file, context)).toMatchObject({
      args: ["--token=gh&token"],
    });
    expect(context.redactor.text("gh&token gh%26token key-in-vault")).toBe(`${mask} ${mask} ${mask}`);
  });
});

describe("describeTarget", () => {
  it.each([
    [
      "a command line",
      stdio({ command: "${node}", args: ["${app}/a b.js", "--fast"] }),
      '/usr/bin/node "/app/a b.js" --fast',
    ],
    [
      "secret arguments",
      stdio({ args: ["--token", "abc", "--api-key=def", "--port", "80"] }),
      `run --token ${mask} --api-key=${mask} --port 80`,
    ],
    [
      "secrets in words of other kinds",
      stdio({
        args: ["--header", "Authorization: Bearer abc", "-e", "TOKEN=x", "postgresql://u:p@h", "https://tok@h"],
      }),
      `run --header "Authorization: ${mask}" -e TOKEN=${mask} postgresql://${mask}@h https://${mask}@h`,
    ],
    [
      "references as written",
      stdio({ args: ["--token", "env://T", "--key=secrets://k"] }),
      "run --token env://T --key=secrets://k",
    ],
    ["a reference in a URL", http({ url: "https://h/?token=secrets://t" }), "https://h/?token=secrets://t"],
    [
      "a URL",
      http({ url: "https://me:secret@host/mcp?api_key=abc&x=1" }),
      `https://${mask}@host/mcp?api_key=${mask}&x=1`,
    ],
    ["a URL that is not known yet", http({ url: "${fault-lab}" }), "http://127.0.0.1:‹free port›"],
  ])("shows %s", (_, config, text) => {
    expect(describeTarget(config, contextWith())).toBe(text);
  });

  it("masks what is known to be secret, wherever it stands", () => {
    const context = contextWith();
    context.redactor.add("known-secret");
    expect(describeTarget(stdio({ args: ["a-known-secret-b"] }), context)).toBe(`run a-${mask}-b`);
  });
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
