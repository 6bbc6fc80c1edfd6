import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { isProcessAlive, processIdentity } from "./process-identity.ts";

describe.each(["linux", "darwin", "win32"] as const)("the identity of a process, the way of %s", (platform) => {
  it.runIf(process.platform === "linux")("is alive while its process runs, and not afterwards", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    const identity = processIdentity(child.pid, platform);
    expect(isProcessAlive(identity, platform)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isProcessAlive(identity, platform)).toBe(false);
  });
});

describe.runIf(process.platform === "linux")("the identity of a process", () => {
  it("is this process by default", () => {
    expect(processIdentity()).toBe(processIdentity(process.pid, process.platform));
    expect(isProcessAlive(processIdentity())).toBe(true);
  });

  it("is gone where its pid is now another process's", () => {
    expect(isProcessAlive(`${process.pid}:earlier`)).toBe(false);
  });

  it("is alive where it is another user's", () => {
    vi.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error("not permitted"), { code: "EPERM" });
    });
    expect(isProcessAlive(processIdentity())).toBe(true);
  });

  it.each(["", "x:y", "-1:z", "0:z"])("is nobody where it names no process: %j", (identity) => {
    expect(isProcessAlive(identity)).toBe(false);
  });

  it.each(["linux", "darwin"] as const)("has no start where the process is gone, the way of %s", (platform) => {
    expect(processIdentity(2 ** 22 + 1, platform)).toBe(`${2 ** 22 + 1}:`);
  });
});
