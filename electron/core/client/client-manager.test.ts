import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startFaultLab } from "../../fault-lab/start.ts";
import { silentLogger } from "../logger.ts";
import type { FaultLab, Logger } from "../ports.ts";
import { startHttpServer } from "../servers/fixtures/http-server.ts";
import { ClientManager } from "./client-manager.ts";
import { startAuthServer, type AuthServer } from "./fixtures/auth-server.ts";
import { arrivals, everything, overHttp, textOf } from "./fixtures/servers.ts";
import { TransportType } from "./transport-type.ts";

let lab: FaultLab;
let auth: AuthServer;
let folder: string;
beforeAll(async () => {
  lab = await startFaultLab();
  auth = await startAuthServer();
});
afterAll(async () => {
  await lab.close();
  await auth.close();
});
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "switchgear-client-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe("many servers", () => {
  it("are each called by name, and end together", async () => {
    const manager = new ClientManager({ servers: { lab: overHttp(lab), everything } });
    const [echoed, sum] = await Promise.all([
      manager.call("lab", "echo", { message: "hello" }),
      manager.call("everything", "get-sum", { a: 2, b: 3 }),
    ]);
    expect(textOf(echoed)).toBe("hello");
    expect(textOf(sum)).toContain("5");
    await manager.closeAllSessions();
  });

  it("have a circuit each: one that is down leaves the others alone", async () => {
    await using manager = new ClientManager({
      servers: {
        lab: overHttp(lab),
        dead: { transport: TransportType.HTTP, config: { url: "http://127.0.0.1:9/mcp" } },
      },
    });
    await expect(manager.call("dead", "echo")).rejects.toMatchObject({ code: "connection_failed" });
    expect(manager.getCircuitState("dead")).toMatchObject({ kind: "closed", failures: 3 });
    expect(manager.getCircuitState("lab")).toEqual({ kind: "closed", failures: 0 });
    await expect(manager.call("nobody", "echo")).rejects.toMatchObject({
      code: "unknown_server",
      hint: "There are: lab, dead.",
    });
  });
});

describe("a catalog folder", () => {
  const settle = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 50 });

  it("is followed: servers come, change and go with their files, and a fault leaves all as it was", async () => {
    const yaml = (id: string, more = "") => `id: ${id}\ntransport: http\nurl: ${lab.httpUrl}/mcp\n${more}`;
    write("servers/one.yaml", yaml("one"));
    const logged: string[] = [];
    const logger = { ...silentLogger, error: (message: string) => void logged.push(message) };
    await using manager = await ClientManager.open({ catalog: folder, logger });
    expect(textOf(await manager.call("one", "echo", { message: "a" }))).toBe("a");

    write("servers/two.yaml", yaml("two"));
    await settle(() => expect(manager.servers).toEqual(["one", "two"]));
    expect(textOf(await manager.call("two", "echo", { message: "b" }))).toBe("b");

    write("servers/one.yaml", yaml("one", "max_payload_size: 1\n"));
    const large = () => manager.call("one", "echo", { message: "c" });
    await settle(() => expect(large()).rejects.toMatchObject({ code: "payload_too_large" }));

    write("servers/two.yaml", yaml("two", "nonsense: 1\n"));
    await settle(() => expect(logged).toEqual([expect.stringMatching(/stays as it was.*two\.yaml:4:1/)]));
    expect(textOf(await manager.call("two", "echo", { message: "d" }))).toBe("d");

    rmSync(join(folder, "servers/two.yaml"));
    await settle(() => expect(manager.servers).toEqual(["one"]));
    await expect(manager.call("two", "echo")).rejects.toMatchObject({ code: "unknown_server" });
  });
});

describe("the session of a server", () => {
  it("is opened once, however many call at first, and once more after closeSession", async () => {
    const http = await startHttpServer("sessions");
    try {
      const servers = { s: { transport: TransportType.HTTP, config: { url: http.url, protocol: "legacy" as const } } };
      await using manager = new ClientManager({ servers });
      const opened = () => http.methods.filter((method) => method === "initialize").length;
      await Promise.all([1, 2, 3].map(() => manager.call("s", "echo")));
      await manager.call("s", "echo");
      expect(opened()).toBe(1);
      await manager.closeSession("s");
      await manager.call("s", "echo");
      expect(opened()).toBe(2);
    } finally {
      await http.close();
    }
  });

  it("is pinged before it is used again after a silence, and replaced where it is dead", async () => {
    await using manager = new ClientManager({
      servers: { lab: { transport: TransportType.WEBSOCKET, config: { url: lab.wsUrl, keep_alive: 1 } } },
    });
    await manager.call("lab", "echo", { message: "a" });
    await expect(manager.call("lab", "disconnect")).rejects.toMatchObject({ code: "outcome_unknown" });
    expect(textOf(await manager.call("lab", "echo", { message: "b" }))).toBe("b");
  });
});

describe("credentials", () => {
  const env = { TOKEN: "t0p-secret", LOGIN: "ann:passw0rd" };
  const open = () =>
    new ClientManager({ env, servers: { auth: { transport: TransportType.HTTP, config: { url: auth.url } } } });

  it.each([
    [{ authEnvVar: "TOKEN" }, "Bearer t0p-secret"],
    [{ authEnvVar: "TOKEN", authType: "api_key" as const }, "key t0p-secret"],
    [{ authEnvVar: "LOGIN", authType: "basic" as const }, `Basic ${Buffer.from("ann:passw0rd").toString("base64")}`],
  ])("%j reach the server", async (credentials, expected) => {
    await using manager = open();
    expect(textOf(await manager.call("auth", "whoami", {}, { auth: credentials }))).toBe(expected);
    expect(textOf(await manager.call("auth", "whoami"))).toBe("key undefined");
  });

  it("that are not set are named, and nothing is dialled", async () => {
    await using manager = open();
    const call = manager.call("auth", "whoami", {}, { auth: { authEnvVar: "NO_SUCH" } });
    await expect(call).rejects.toMatchObject({ code: "config_invalid", message: expect.stringContaining("NO_SUCH") });
  });

  it("are masked in errors, though the server repeats them", async () => {
    const http = createServer((request, response) =>
      response.writeHead(500).end(`no ${request.headers.authorization}`),
    );
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = http.address() as AddressInfo;
      const config = { url: `http://127.0.0.1:${port}/mcp` };
      await using manager = new ClientManager({
        env,
        servers: { s: { transport: TransportType.HTTP, config, retryConfig: { max_attempts: 1 } } },
      });
      const call = manager.call("s", "echo", {}, { auth: { authEnvVar: "TOKEN" } });
      await expect(call).rejects.toThrow(/HTTP 500: no •••$/);
    } finally {
      http.closeAllConnections();
      http.close();
    }
  });

  it("reach a process as the variable of that name", async () => {
    await using manager = new ClientManager({ env, servers: { everything } });
    const environment = textOf(await manager.call("everything", "get-env", {}, { auth: { authEnvVar: "TOKEN" } }));
    expect(JSON.parse(environment)).toMatchObject({ TOKEN: "t0p-secret" });
    expect(environment).not.toContain("passw0rd");
  });
});

describe("configuration from files", () => {
  it("comes from a catalog folder, as the console reads it", async () => {
    write("servers/lab.yaml", `id: lab\ntransport: http\nurl: ${lab.httpUrl}/mcp\nkeep_alive: 0\nmax_retries: 0\n`);
    write("servers/off.yaml", "id: off\ntransport: http\nurl: http://127.0.0.1:9\nenabled: false\n");
    await using manager = await ClientManager.open({ catalog: folder, servers: { everything } });
    expect(manager.servers).toEqual(["everything", "lab", "off"]);
    expect(textOf(await manager.call("lab", "echo", { message: "hello" }))).toBe("hello");
    await expect(manager.call("off", "echo")).rejects.toMatchObject({ code: "server_disabled" });
    const before = arrivals(await manager.call("lab", "stats"), "disconnect");
    await expect(manager.call("lab", "disconnect", {}, { idempotent: true })).rejects.toThrow();
    expect(arrivals(await manager.call("lab", "stats"), "disconnect") - before).toBe(1);
  });

  it("is refused whole where a file of the catalog has a fault, with its place", async () => {
    const file = write("servers/bad.yaml", "id: bad\ntransport: carrier-pigeon\n");
    await expect(ClientManager.open({ catalog: folder })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(`${file}:2:`),
    });
  });

  it("comes from cattackle.toml files, and a name that is given twice is an error", async () => {
    const toml = `[cattackle]\nname = "lab"\n[cattackle.mcp.transport]\ntype = "http"\nurl = "${lab.httpUrl}/mcp"\n`;
    const cattackles = [write("lab/cattackle.toml", toml)];
    await using manager = await ClientManager.open({ cattackles });
    expect(textOf(await manager.call("lab", "echo", { message: "hello" }))).toBe("hello");
    const twice = ClientManager.open({ cattackles, servers: { lab: overHttp(lab) } });
    await expect(twice).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("two servers"),
    });
  });

  it("says which servers the logger hears of", async () => {
    const toml = (name: string, isLogged: boolean) =>
      `[cattackle.mcp.transport]\ntype = "http"\nurl = "http://127.0.0.1:9/${name}"\n` +
      `[cattackle.mcp]\nmax_retries = 0\n[cattackle.settings]\nenable_logging = ${isLogged}\n`;
    const cattackles = [
      write("loud/cattackle.toml", toml("loud", true)),
      write("mute/cattackle.toml", toml("mute", false)),
    ];
    const warn = vi.fn<Logger["warn"]>();
    const logger: Logger = { debug: vi.fn<Logger["debug"]>(), info: vi.fn<Logger["info"]>(), warn, error: warn };
    await using manager = await ClientManager.open({ cattackles, logger });
    for (const server of ["loud", "mute"]) await expect(manager.call(server, "echo")).rejects.toThrow();
    expect(warn.mock.calls.map(([, context]) => context!.server)).toEqual(["loud"]);
  });
});
