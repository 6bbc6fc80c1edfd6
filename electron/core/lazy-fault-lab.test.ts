import { expect, it, vi } from "vitest";
import { serverConfigSchema } from "../../shared/server.ts";
import { LazyFaultLab } from "./lazy-fault-lab.ts";

const config = (more: object) => serverConfigSchema.parse({ id: "a", transport: "stdio", command: "npx", ...more });
const needing = config({ args: ["supergateway", "--streamableHttp", "${fault-lab}/mcp"] });
const lab = () => ({ httpUrl: "http://127.0.0.1:1", wsUrl: "ws://127.0.0.1:1", close: vi.fn(async () => {}) });

it("starts once, for a server that is enabled and names it anywhere", async () => {
  const start = vi.fn(async () => lab());
  const lazy = new LazyFaultLab(start);
  await lazy.provideFor([config({}), { ...needing, enabled: false }]);
  expect(start).not.toHaveBeenCalled();
  expect(lazy.placeholders()).toEqual({});
  await Promise.all([lazy.provideFor([needing]), lazy.provideFor([needing])]);
  expect(start).toHaveBeenCalledOnce();
  expect(lazy.placeholders()).toEqual({ "fault-lab": "http://127.0.0.1:1", "fault-lab-ws": "ws://127.0.0.1:1" });
});

it("closes in order where it is still starting, fails to start, or is asked for afterwards", async () => {
  const started = lab();
  const slow = new LazyFaultLab(async () => started);
  const providing = slow.provideFor([needing]);
  await slow.close();
  await providing;
  expect(started.close).toHaveBeenCalledOnce();

  const start = vi.fn(async () => Promise.reject(new Error("no port is free")));
  const failing = new LazyFaultLab(start);
  const heard = expect(failing.provideFor([needing])).rejects.toThrow("no port is free");
  await failing.close();
  await heard;
  await failing.provideFor([needing]);
  expect(start).toHaveBeenCalledOnce();
});
