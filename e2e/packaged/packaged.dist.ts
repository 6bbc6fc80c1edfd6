/** The application as `npm run dist:dir` packs it: whole, on its own, and without what opens a project in development. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { projectRoot, Workspace } from "../fixtures/workspace.ts";
import { workWith } from "./packed-application.ts";

const folders: Partial<Record<NodeJS.Platform, string>> = {
  linux: `${process.arch === "x64" ? "linux-unpacked" : `linux-${process.arch}-unpacked`}/switchgear`,
  darwin: `${process.arch === "arm64" ? "mac-arm64" : "mac"}/Switchgear.app/Contents/MacOS/Switchgear`,
  win32: "win-unpacked/Switchgear.exe",
};
const program = join(projectRoot, "dist", folders[process.platform] ?? "");

test("the packed application starts its bundled servers, calls a tool, records it and ends in order", async () => {
  test.setTimeout(240_000);
  await workWith(program);
});

test("its command line works on its own runtime, and so do the servers and the gateway that it starts", async () => {
  test.setTimeout(120_000);
  test.skip(process.platform === "win32");
  const workspace = await Workspace.make();
  await workspace.useBundled("everything");
  const env = {
    ...process.env,
    SWITCHGEAR_DATA: workspace.data,
    SWITCHGEAR_CATALOG: workspace.catalog,
    MAGSAG_MCP_ENABLED: "true",
  };
  const commandLine = join(
    program,
    "..",
    process.platform === "darwin" ? "../Resources" : "resources",
    "bin/switchgear",
  );
  const run = (...args: string[]) => spawnSync(commandLine, args, { env, encoding: "utf8", timeout: 60_000 });
  const called = run("call", "everything", "echo", "--args", JSON.stringify({ message: "from the command line" }));
  expect(called.stdout + called.stderr).toContain("Echo: from the command line");
  expect(called.status).toBe(0);
  expect(run("nothing", "of", "the", "kind")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("'nothing'"),
  });

  const serving = spawn(commandLine, ["serve", "--port", "0"], { env, stdio: ["ignore", "pipe", "ignore"] });
  const [printed] = (await once(serving.stdout, "data")) as [Buffer];
  const port = new URL(/gateway at (\S+)/.exec(printed.toString())![1]!).port;
  const token = run("token", "create", "gateway", "cursor").stdout.trim();
  const initialize = {
    ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "cursor", version: "1" } },
  };
  const bridge = spawn(commandLine, ["bridge", "--port", port], { env: { ...env, SWITCHGEAR_TOKEN: token } });
  bridge.stdin.write(`${JSON.stringify(initialize)}\n`);
  const [answer] = (await once(bridge.stdout, "data")) as [Buffer];
  expect(JSON.parse(answer.toString())).toMatchObject({ id: 1, result: { protocolVersion: "2025-11-25" } });
  bridge.stdin.end();
  await once(bridge, "exit");
  const ended = once(serving, "exit");
  serving.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  await workspace.remove();
});

test("nothing is packed beside the application's archive but what runs and licences", async () => {
  test.skip(process.platform !== "linux");
  const unpacked = join(program, "../resources/app.asar.unpacked");
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const natives = files.filter((file) => file.endsWith(".node"));
  expect(natives).toHaveLength(1);
  const dead = files.filter((file) => /\.(?:map|[cm]?ts|tsbuildinfo)$|\.min\.js$|\/\.[^/]+$/.test(file));
  expect(dead).toEqual([]);
  expect(await readdir(join(program, "../locales"))).toEqual(["en-GB.pak", "en-US.pak"]);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
  // 20 when this was written, half of it libsql's binary.
  expect(megabytes).toBeLessThan(30);
});
