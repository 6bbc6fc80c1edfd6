import { afterEach, describe, expect, it, vi } from "vitest";
import type { ToolResult } from "../../../shared/tool.ts";
import type { CallOptions } from "./call-options.ts";
import { callScope, type ToolCaller } from "./call-scope.ts";
import { ClientManager } from "./client-manager.ts";
import { textOf } from "./fixtures/servers.ts";
import { mcpAuthenticated } from "./mcp-authenticated.ts";
import { mcpCached } from "./mcp-cached.ts";
import { callTool, mcpTool } from "./mcp-tool.ts";

/** Stands where a manager does, and answers with the message. */
class Recorder implements ToolCaller {
  readonly calls: { server: string; tool: string; args: Record<string, unknown>; options: CallOptions }[] = [];

  async call(server: string, tool: string, args: Record<string, unknown>, options: CallOptions): Promise<ToolResult> {
    const { credentials } = callScope.getStore() ?? {};
    this.calls.push({ server, tool, args, options: { ...options, ...(credentials && { auth: credentials }) } });
    return { content: [{ type: "text", text: String(args["message"]) }] };
  }
}

const method = { kind: "method" } as ClassMethodDecoratorContext;
const decorate = <T extends object, K extends keyof T>(target: T, name: K, wrap: (run: T[K]) => T[K]) =>
  Object.defineProperty(target, name, { value: wrap(target[name]), writable: true });
const gate = () => {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
};

afterEach(() => vi.useRealTimers());

describe("mcpTool", () => {
  it("binds a function to a tool, with its options, and keeps its name and type", async () => {
    const manager = new Recorder();
    const options = { timeout: 500, retryAttempts: 2, requireApproval: true };
    const echo: (message: string) => Promise<string> = mcpTool({ server: "lab", tool: "echo", manager, ...options })(
      async function echo(message: string) {
        return textOf(await callTool({ message }));
      },
    );
    expect(await echo("hello")).toBe("hello");
    expect(echo.name).toBe("echo");
    expect(manager.calls).toEqual([{ server: "lab", tool: "echo", args: { message: "hello" }, options }]);
  });

  it("finds the manager that it is run by, and decorates a method, which keeps its `this`", async () => {
    class Greeter {
      greeting = "Hello";
      async greet(name: string): Promise<string> {
        return textOf(await callTool({ message: `${this.greeting}, ${name}` }, { idempotent: true }));
      }
    }
    decorate(Greeter.prototype, "greet", (run) => mcpTool({ server: "lab", tool: "echo" })(run, method));
    const recorder = new Recorder();
    const greet = () => new Greeter().greet("Ann");
    await expect(greet()).rejects.toMatchObject({ code: "bad_request", hint: expect.stringContaining("manager.run") });
    expect(await callScope.run({ caller: recorder }, greet)).toBe("Hello, Ann");
    expect(recorder.calls[0]!.options).toEqual({ idempotent: true });
  });

  it("calls the innermost tool where one bound function calls another", async () => {
    const manager = new Recorder();
    const bind = (tool: string) => mcpTool({ server: "lab", tool, manager });
    const inner = bind("inner")(async () => callTool({ message: "in" }));
    const outer = bind("outer")(async () => {
      await inner();
      return callTool({ message: "out" });
    });
    await Promise.all([outer(), inner()]);
    expect(manager.calls.map(({ tool, args }) => `${tool} ${String(args["message"])}`).toSorted()).toEqual([
      "inner in",
      "inner in",
      "outer out",
    ]);
  });

  it("says what to do where there is nothing to call", async () => {
    await expect(callTool({})).rejects.toMatchObject({ code: "bad_request", hint: expect.stringContaining("mcpTool") });
    await using alone = new ClientManager({ servers: {} });
    const wipe = mcpTool({ server: "lab", tool: "wipe", requireApproval: true, manager: alone })(async () =>
      callTool(),
    );
    await expect(wipe()).rejects.toMatchObject({ code: "config_invalid", hint: expect.stringContaining("core") });
  });

  it("refuses what is no method, and the older decorators", () => {
    const wrap = mcpTool({ server: "lab", tool: "echo" });
    const legacy = (): unknown => Reflect.apply(wrap, undefined, [{}, "echo", {}]);
    expect(legacy).toThrow(/decorates methods/);
    expect(() => wrap(async () => 1, { kind: "getter" } as never)).toThrow(/nothing else/);
  });
});

describe("mcpAuthenticated", () => {
  it("gives the calls of a function its credentials, at whatever depth, and no others", async () => {
    const manager = new Recorder();
    const whoami = mcpTool({ server: "lab", tool: "whoami", manager })(async () => callTool({}));
    const asAnn = mcpAuthenticated({ authEnvVar: "ANN", authType: "basic" })(async () => {
      await Promise.resolve();
      return whoami();
    });
    await Promise.all([asAnn(), whoami()]);
    const given = manager.calls.map(({ options }) => options.auth?.authEnvVar ?? "none");
    expect(given.toSorted()).toEqual(["ANN", "none"]);
  });
});

describe("mcpCached", () => {
  const counting = (options: { ttlSeconds?: number; maxEntries?: number } = {}) => {
    const load = vi.fn(async (key: unknown) => ({ key }));
    return { load, cached: mcpCached({ ttlSeconds: 60, maxEntries: 10, ...options })(load) };
  };

  it("costs no call for equal arguments, whatever the order of their keys", async () => {
    const { load, cached } = counting();
    expect(await cached({ a: 1, b: [2] })).toBe(await cached({ b: [2], a: 1, c: undefined }));
    await cached({ a: 1, b: ["2"] });
    await cached(undefined);
    await cached(null);
    expect(load).toHaveBeenCalledTimes(4);
  });

  it("shares one flight between calls made at once", async () => {
    const { open, opened } = gate();
    const load = vi.fn(() => opened.then(() => 7));
    const cached = mcpCached({ ttlSeconds: 60, maxEntries: 1 })(load);
    const calls = [cached(), cached(), cached()];
    open();
    expect(await Promise.all(calls)).toEqual([7, 7, 7]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("keeps undefined, but no error and no result that says isError", async () => {
    const nothing = vi.fn(async () => undefined);
    const failing = vi.fn(async () => Promise.reject(new Error("down")));
    const erring = vi.fn(async () => ({ isError: true }));
    const [a, b, c] = [nothing, failing, erring].map((run) => mcpCached({ ttlSeconds: 60, maxEntries: 5 })(run));
    for (const _ of [1, 2]) {
      await a!();
      await expect(b!()).rejects.toThrow("down");
      await c!();
    }
    expect([nothing, failing, erring].map(({ mock }) => mock.calls.length)).toEqual([1, 2, 2]);
  });

  it("forgets after ttlSeconds, and the least recently used past maxEntries", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    vi.advanceTimersByTime(1);
    const { load, cached } = counting({ ttlSeconds: 10, maxEntries: 2 });
    await cached("a");
    vi.advanceTimersByTime(9_999);
    await cached("a");
    expect(load).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(2);
    await cached("a");
    expect(load).toHaveBeenCalledTimes(2);
    await cached("b");
    await cached("a");
    await cached("c");
    await cached("a");
    expect(load).toHaveBeenCalledTimes(4);
    await cached("b");
    expect(load).toHaveBeenCalledTimes(5);
  });

  it("shares nothing between instances, managers and credentials", async () => {
    const { load, cached } = counting();
    const instance = { cached };
    await cached(1);
    await instance.cached(1);
    await instance.cached(1);
    await callScope.run({ caller: new Recorder() }, () => cached(1));
    await mcpAuthenticated({ authEnvVar: "ANN" })(cached)(1);
    await mcpAuthenticated({ authEnvVar: "BOB" })(cached)(1);
    expect(load).toHaveBeenCalledTimes(5);
  });

  it("refuses arguments that are not plain data, and options that are none", async () => {
    const { load, cached } = counting();
    for (const argument of [new Map(), new AbortController().signal, () => 1, new Date()]) {
      await expect(cached(argument)).rejects.toMatchObject({ code: "bad_request" });
    }
    expect(load).not.toHaveBeenCalled();
    expect(() => mcpCached({ ttlSeconds: 0, maxEntries: 1 })).toThrow(/ttlSeconds/);
    expect(() => mcpCached({ ttlSeconds: 1, maxEntries: 1.5 })).toThrow(/maxEntries/);
  });

  it("stacks with the others", async () => {
    const manager = new Recorder();
    const echo = mcpAuthenticated({ authEnvVar: "TOKEN" })(
      mcpCached({ ttlSeconds: 60, maxEntries: 10 })(
        mcpTool({ server: "lab", tool: "echo", manager })(async (message: string) =>
          textOf(await callTool({ message })),
        ),
      ),
    );
    expect([await echo("a"), await echo("a"), await echo("b")]).toEqual(["a", "a", "b"]);
    expect(manager.calls.map(({ options }) => options.auth)).toEqual([
      { authEnvVar: "TOKEN" },
      { authEnvVar: "TOKEN" },
    ]);
  });
});
