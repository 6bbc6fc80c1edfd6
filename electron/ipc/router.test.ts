import type { IpcMain, IpcMainInvokeEvent } from "electron";
import { describe, expect, it } from "vitest";
import { callChannel } from "../../shared/channels.ts";
import { MCPClientError } from "../core/errors.ts";
import { silentLogger } from "../core/logger.ts";
import { Redactor } from "../core/secrets/redact.ts";
import type { Handlers } from "./handlers.ts";
import { serveProcedures } from "./router.ts";
import { runProcedure } from "./run-procedure.ts";

const heard: unknown[] = [];
const redactor = new Redactor();
redactor.add("hunter2-4b1d-secret");
const mask = <T>(value: T) => redactor.tokens(value);
const handlers = {
  "notices.dismiss": (input: unknown) => void heard.push(input),
  "servers.connect": () =>
    Promise.reject(new MCPClientError("unknown_server", "No such server.", { hint: "Look again." })),
  "servers.log": () => {
    throw new Error("boom");
  },
  "settings.get": async () => ({ note: "hunter2-4b1d-secret" }),
  "app.status": () => Promise.reject(new MCPClientError("internal", "It said hunter2-4b1d-secret.")),
  "app.openLink": async () => ({ opened: true }),
} as unknown as Handlers;
const run = (name: unknown, input: unknown) => runProcedure({ handlers, logger: silentLogger, mask }, name, input);

describe("the router", () => {
  it("hands a parsed input to the handler and its value back", async () => {
    expect(await run("app.openLink", { url: "https://example.test" })).toEqual({ ok: true, value: { opened: true } });
    await run("notices.dismiss", { id: "a" });
    expect(heard).toEqual([{ id: "a" }]);
  });

  it.each([
    ["an input of the wrong shape", "notices.dismiss", { id: 7 }],
    ["an input with an unknown key", "notices.dismiss", { id: "a", force: true }],
    ["no input where one is needed", "notices.dismiss", undefined],
    ["a procedure that does not exist", "core.close", {}],
    ["a name that every object has", "constructor", {}],
    ["a name that JSON cannot write", 7n, {}],
    ["a name that is no string", { toString: (): string => "app.status" }, {}],
  ])("answers bad_request to %s, and runs nothing", async (_what, name, input) => {
    heard.length = 0;
    expect(await run(name, input)).toMatchObject({ ok: false, error: { code: "bad_request" } });
    expect(heard).toEqual([]);
  });

  it("answers with an error's code, words and hint", async () => {
    expect(await run("servers.connect", { server: "x" })).toEqual({
      ok: false,
      error: { code: "unknown_server", message: "No such server.", hint: "Look again." },
    });
  });

  it("masks secrets in what it answers, and in what it fails with", async () => {
    expect(await run("settings.get", undefined)).toEqual({ ok: true, value: { note: "•••" } });
    expect(await run("app.status", undefined)).toMatchObject({ ok: false, error: { message: "It said •••." } });
  });

  it("answers internal to a fault of its own", async () => {
    expect(await run("servers.log", { server: "x" })).toMatchObject({ ok: false, error: { code: "internal" } });
  });

  it("answers only frames that it trusts", async () => {
    const listeners = new Map<string, (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown>();
    const ipcMain = {
      handle: (channel: string, listener: () => unknown) => listeners.set(channel, listener),
      removeHandler: (channel: string) => listeners.delete(channel),
    } as unknown as IpcMain;
    const ours = { senderFrame: { url: "app://console/" } } as IpcMainInvokeEvent;
    const foreign = { senderFrame: { url: "https://evil.test/" } } as IpcMainInvokeEvent;
    const serving = serveProcedures(ipcMain, {
      mask,
      handlers,
      logger: silentLogger,
      isTrustedSender: (event) => event === ours,
    });
    const ask = listeners.get(callChannel)!;
    expect(await ask(ours, "app.openLink", { url: "https://example.test" })).toMatchObject({ ok: true });
    expect(await ask(foreign, "app.openLink", { url: "https://example.test" })).toMatchObject({
      ok: false,
      error: { code: "bad_request" },
    });
    serving[Symbol.dispose]();
    expect(listeners.size).toBe(0);
  });
});
