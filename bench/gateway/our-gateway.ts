import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { echoServer, runPeer, type Peer } from "./running-peer.ts";

/** `switchgear serve`, with its policy, circuits and journal. @param app the application's folder, built */
export function ourGateway(app: string): Peer {
  return { id: "ours", name: "switchgear", kind: "ours", isMany: true, start: starter(app, serve(app)) };
}

/** The same, but for what it writes about calls; for what the journal costs. */
export function unjournaledGateway(app: string): Peer {
  const program = (port: string) => [join(import.meta.dirname, "serve-unjournaled.js"), app, port];
  return {
    ...{ id: "unjournaled", name: "switchgear, calls not journaled", kind: "reference", isMany: true },
    start: starter(app, program),
  };
}

function serve(app: string): (port: string) => string[] {
  return (port) => [join(app, "out/main/cli.js"), "serve", "--port", port];
}

function starter(app: string, program: (port: string) => string[]): Peer["start"] {
  return async (servers, folder) => {
    writeCatalog(join(folder, "catalog"), servers);
    const env = {
      MAGSAG_MCP_ENABLED: "true",
      SWITCHGEAR_CATALOG: join(folder, "catalog"),
      SWITCHGEAR_DATA: join(folder, "data"),
    };
    const headers = { authorization: `Bearer ${tokenOf(app, folder, env)}` };
    return runPeer({ args: program, env, headers, echo: (server) => `echo-${server}__echo` });
  };
}

function writeCatalog(catalog: string, servers: number): void {
  const files: Record<string, string> = { "policies/mcp_permissions.yaml": "default_permission: ALWAYS\n" };
  for (let index = 0; index < servers; index += 1) {
    const args = JSON.stringify([echoServer]);
    files[`servers/echo-${index}.yaml`] = `id: echo-${index}\ntransport: stdio\ncommand: \${node}\nargs: ${args}\n`;
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(catalog, name, ".."), { recursive: true });
    writeFileSync(join(catalog, name), text);
  }
}

/** Made once a folder, as that is not what is measured. */
function tokenOf(app: string, folder: string, env: Record<string, string>): string {
  const known = join(folder, "token");
  if (!existsSync(known)) {
    const create = [join(app, "out/main/cli.js"), "token", "create", "gateway", "bench"];
    const made = execFileSync(process.execPath, create, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    writeFileSync(known, made);
  }
  return readFileSync(known, "utf8").trim();
}
