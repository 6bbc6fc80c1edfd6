/** `switchgear serve` before servers that others wrote, and a person who decides on the command line. */
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inject, vi } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import type { Invocation } from "../../shared/invocation.ts";
import { cliFile, CliFixture } from "../../electron/cli/fixtures/cli-fixture.ts";

/** How a client reaches the gateway. */
export type Way =
  | { kind: "http"; url: string; token: string }
  | { kind: "bridge"; command: string; args: string[]; env: Record<string, string> };

const policy = `default_permission: ALWAYS
tools:
  "files.write_file": { permission: REQUIRE_APPROVAL, approval_message: Write this file? }
  "everything.get-env": { permission: NEVER }
`;
const readyMs = 60_000;

export class Fleet implements AsyncDisposable {
  readonly files: string;
  readonly url: string;
  #cli: CliFixture;

  private constructor(cli: CliFixture, files: string, url: string) {
    this.#cli = cli;
    this.files = files;
    this.url = url;
  }

  static async open(): Promise<Fleet> {
    const cli = new CliFixture({ "policies/mcp_permissions.yaml": policy });
    const files = join(realpathSync(cli.folder), "files");
    mkdirSync(files);
    writeFileSync(join(files, "note.txt"), "Written before anybody asked.");
    const ours = createRequire(import.meta.url);
    const others = createRequire(join(inject("otherPackages").folder, "package.json"));
    const memory = { MEMORY_FILE_PATH: join(cli.folder, "memory.jsonl") };
    cli.write("servers/everything.yaml", serverFile("everything", ours, "@modelcontextprotocol/server-everything"));
    cli.write("servers/files.yaml", serverFile("files", ours, "@modelcontextprotocol/server-filesystem", [files]));
    cli.write("servers/memory.yaml", serverFile("memory", others, "@modelcontextprotocol/server-memory", [], memory));
    cli.write(
      "servers/thinking.yaml",
      serverFile("thinking", others, "@modelcontextprotocol/server-sequential-thinking"),
    );
    const serving = cli.start(["serve", "--port", "0"]);
    await serving.printed("gateway at");
    return new Fleet(cli, files, /gateway at (\S+)/.exec(serving.stdout)![1]!);
  }

  /** Makes a client known, and says how it comes. */
  async ways(name: string): Promise<Record<Way["kind"], Way>> {
    const { stdout } = await this.#cli.run(["token", "create", "gateway", name]);
    const token = stdout.trim();
    const args = [cliFile, "bridge", "--port", new URL(this.url).port];
    return {
      http: { kind: "http", url: this.url, token },
      bridge: {
        ...{ kind: "bridge", command: process.execPath, args },
        env: { ...this.#cli.environment(), SWITCHGEAR_TOKEN: token },
      },
    };
  }

  /** Waits for a client's call that a person is asked about, and approves it. */
  async approve(client: string): Promise<Ticket> {
    const ticket = await vi.waitFor(
      async () => {
        const { stdout } = await this.#cli.run(["approvals", "list", "--client", client, "--json"]);
        const [first] = JSON.parse(stdout) as Ticket[];
        if (!first) throw new Error("No call waits.");
        return first;
      },
      { timeout: readyMs, interval: 200 },
    );
    await this.#cli.run(["approvals", "approve", ticket.id]);
    return ticket;
  }

  /** What a client called, the last first. */
  async calls(client: string): Promise<Invocation[]> {
    const { stdout } = await this.#cli.run(["log", "list", "--client", client, "--json"]);
    return JSON.parse(stdout) as Invocation[];
  }

  read(name: string): string {
    return readFileSync(join(this.files, name), "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cli[Symbol.asyncDispose]();
  }
}

/** The program that a package puts on the path, as a server of the catalog. JSON is YAML. */
function serverFile(
  id: string,
  from: NodeJS.Require,
  name: string,
  args: string[] = [],
  env: Record<string, string> = {},
): string {
  const manifest = from.resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin: Record<string, string> };
  const program = join(manifest, "..", Object.values(bin)[0]!);
  return JSON.stringify({ id, transport: "stdio", command: "${node}", args: [program, ...args], env });
}
