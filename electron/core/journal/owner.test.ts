import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { isOwnerAlive, ownerOf } from "./owner.ts";

describe.each(["linux", "darwin", "win32"] as const)("the owner of a record, the way of %s", (platform) => {
  it.runIf(process.platform === "linux")("is alive while its process runs, and not afterwards", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    const owner = ownerOf(child.pid, platform);
    expect(isOwnerAlive(owner, platform)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isOwnerAlive(owner, platform)).toBe(false);
  });
});

describe.runIf(process.platform === "linux")("the owner of a record", () => {
  it("is this process by default", () => {
    expect(ownerOf()).toBe(ownerOf(process.pid, process.platform));
    expect(isOwnerAlive(ownerOf())).toBe(true);
  });

  it("is gone where its pid is now another process's", () => {
    expect(isOwnerAlive(`${process.pid}:earlier`)).toBe(false);
  });

  it("is alive where it is another user's", () => {
    vi.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error("not permitted"), { code: "EPERM" });
    });
    expect(isOwnerAlive(ownerOf())).toBe(true);
  });

  it.each(["", "x:y", "-1:z", "0:z"])("is nobody where it names no process: %j", (owner) => {
    expect(isOwnerAlive(owner)).toBe(false);
  });

  it.each(["linux", "darwin"] as const)("has no start where the process is gone, the way of %s", (platform) => {
    expect(ownerOf(2 ** 22 + 1, platform)).toBe(`${2 ** 22 + 1}:`);
  });
});
