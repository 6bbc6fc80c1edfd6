/** A whole core for tests: real files, real SQLite, the real fault lab on loopback, the machine's clock. */
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startFaultLab } from "../fault-lab/start.ts";
import { createSystemClock } from "./clock.ts";
import { createCore, type Core, type CoreOptions } from "./core.ts";
import type { CallHooks, ToolCall } from "./invoke.ts";
import { silentLogger } from "./logger.ts";
import { Redactor } from "./secrets/redact.ts";

export const labServer = `
id: lab
transport: http
url: \${fault-lab}/mcp
trusted: true
timeout: 5000
keep_alive: 0
circuit_breaker: { failure_threshold: 5, timeout_seconds: 60 }
`;

export const openPolicy = "default_permission: ALWAYS\n";

export class CoreFixture implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "switchgear-core-"));
  readonly policyFile = join(this.folder, "catalog/policies/mcp_permissions.yaml");
  core!: Core;
  #env: Record<string, string>;

  private constructor(env: Record<string, string>) {
    this.#env = env;
  }

  /** @param files below the catalog folder; the lab and a policy that allows everything, unless given. */
  static async open(
    files: Record<string, string> = {},
    env: Record<string, string> = { MAGSAG_MCP_ENABLED: "true" },
    options: CoreOptions = { connect: "on-demand" },
  ): Promise<CoreFixture> {
    const fixture = new CoreFixture(env);
    const all = { "servers/lab.yaml": labServer, "policies/mcp_permissions.yaml": openPolicy, ...files };
    for (const [name, text] of Object.entries(all)) fixture.write(name, text);
    await fixture.start(options);
    return fixture;
  }

  write(name: string, text: string): void {
    const file = join(this.folder, "catalog", name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }

  async start(options: CoreOptions = { connect: "on-demand" }): Promise<void> {
    const app = resolve(import.meta.dirname, "../..");
    this.core = await createCore(
      {
        clock: createSystemClock(),
        logger: silentLogger,
        paths: { app, data: join(this.folder, "data"), catalog: join(this.folder, "catalog"), bundledCatalog: join(app, "catalog") },
        env: this.#env,
        nodeRuntime: { command: process.execPath, env: {} },
        startFaultLab,
        version: "0.0.0",
        runtime: "tests",
      },
      new Redactor(),
      options,
    );
  }

  call(tool: string, args: Record<string, unknown> = {}, more: Partial<ToolCall> = {}, hooks: CallHooks = {}) {
    return this.core.report({ id: randomUUID(), server: "lab", tool, args, client: "library", ...more }, hooks);
  }

  /** How often the lab was really called, by tool. */
  async arrived(tool: string): Promise<number> {
    const { result } = await this.call("stats");
    const { calls } = result!.structuredContent as { calls: Record<string, number> };
    return calls[tool] ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.core.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
