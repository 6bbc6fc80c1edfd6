import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCattackle } from "./cattackle.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "switchgear-cattackle-")), "weather");
  mkdirSync(folder);
  file = join(folder, "cattackle.toml");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const read = (text: string) => {
  writeFileSync(file, text);
  return readCattackle(file);
};

describe("a cattackle.toml", () => {
  it("describes a process, with its limits; time is in seconds there", async () => {
    const definition = await read(`
[cattackle]
name = "echo"
version = "1.0.0"
[cattackle.commands]
echo = { description = "Echoes." }
[cattackle.mcp]
timeout = 2.5
max_retries = 1
[cattackle.mcp.transport]
type = "stdio"
command = "node"
args = ["server.js"]
env = { TOKEN = "env://TOKEN" }
cwd = "src"
[cattackle.settings]
max_payload_size = 1024
enable_logging = false
`);
    expect(definition).toEqual({
      serverName: "echo",
      options: {
        transport: "stdio",
        config: {
          command: "node",
          args: ["server.js"],
          env: { TOKEN: "env://TOKEN" },
          cwd: join(folder, "src"),
          timeout: 2500,
          max_payload_size: 1024,
        },
        retryConfig: { max_attempts: 2 },
      },
      source: { file },
      isLogged: false,
    });
  });

  it.each(["http", "websocket"])("describes a server over %s, named as its folder, with the defaults", async (type) => {
    const text = `[cattackle.mcp.transport]\ntype = "${type}"\nurl = "x://y"\nheaders = { A = "b" }\n`;
    expect(await read(text)).toMatchObject({
      serverName: "weather",
      options: {
        transport: type,
        config: { url: "x://y", headers: { A: "b" }, timeout: 30_000 },
        retryConfig: { max_attempts: 4 },
      },
      isLogged: true,
    });
  });

  it.each([
    ["[cattackle\n", /cattackle\.toml:\d+:\d+: /],
    ["[cattackle]\n", /mcp/],
    ['[cattackle.mcp.transport]\ntype = "pigeon"\n', /stdio/],
    ['[cattackle.mcp.transport]\ntype = "http"\n', /`url` is required/],
    ['[cattackle.mcp.transport]\ntype = "http"\nurl = "x"\nurll = "y"\n', /unknown key `urll`/],
    ['[cattackle.mcp]\ntimeout = "soon"\ntransport = { type = "http", url = "x" }\n', /timeout: expected/],
  ])("that says %j is refused, by its place and its fault", async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: "config_invalid", message: expect.stringMatching(message) });
  });

  it("never has its secrets repeated, and one that is missing is named", async () => {
    const text = '[cattackle.mcp.transport]\ntype = "http"\nurl = "x"\nheaders = { Authorization = 123456 }\n';
    await expect(read(text)).rejects.toThrow(/^(?!.*123456)/s);
    await expect(readCattackle(join(folder, "none.toml"))).rejects.toThrow(/none\.toml: .*ENOENT/);
  });
});
