import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { silentLogger } from "../logger.ts";
import { PolicyStore } from "./policy-store.ts";

let folder: string;
let file: string;
let store: PolicyStore;
const open = (path = file) => (store = new PolicyStore(path, { clock: new FakeClock(), logger: silentLogger }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchgear-"));
  file = join(folder, "policy.yaml");
  writeFileSync(file, "default_permission: ALWAYS\n");
  open();
});
afterEach(() => store.close());

describe("saving a text", () => {
  const was = "default_permission: ALWAYS\n";

  it("puts it in the file, valid or not, and judges by it", () => {
    expect(store.save("default_permission: NEVER\n", was)).toBe(true);
    expect(store.file()!.default_permission).toBe("NEVER");
    expect(store.save("default_permission: PERHAPS\n", "default_permission: NEVER\n")).toBe(true);
    expect(store.current().state).toBe("invalid");
    expect(store.save(was, "default_permission: PERHAPS\n")).toBe(true);
    expect(store.current().state).toBe("valid");
  });

  it("leaves alone what somebody else wrote meanwhile, though it was not noticed yet", () => {
    writeFileSync(file, "default_permission: NEVER # theirs\n");
    expect(store.save("default_permission: ALWAYS # mine\n", was)).toBe(false);
    expect(readFileSync(file, "utf8")).toBe("default_permission: NEVER # theirs\n");
    rmSync(file);
    expect(store.save("default_permission: ALWAYS # mine\n", was)).toBe(false);
  });
});

describe("rewriting the file", () => {
  it("counts from then on, and keeps who may read it", () => {
    chmodSync(file, 0o640);
    store.rewrite((text) => text.replace("ALWAYS", "NEVER"));
    expect(readFileSync(file, "utf8")).toBe("default_permission: NEVER\n");
    expect(store.file()!.default_permission).toBe("NEVER");
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it("goes through a link to the file behind it", async () => {
    const link = join(folder, "link.yaml");
    symlinkSync(file, link);
    await store.close();
    open(link);
    store.rewrite((text) => `${text}# mine\n`);
    expect(readFileSync(file, "utf8")).toContain("# mine");
  });

  it.each([
    ["what it would become", () => "default_permission: PERHAPS\n", /left as it is/],
    ["what it would become, at a place without a line", () => "", /left as it is/],
  ])("is refused where %s is invalid", (_what, change, message) => {
    const hint = "Write the rule into the file by hand.";
    expect(() => store.rewrite(change)).toThrow(
      expect.objectContaining({ code: "policy_invalid", message: expect.stringMatching(message), hint }),
    );
    expect(readFileSync(file, "utf8")).toBe("default_permission: ALWAYS\n");
  });

  it("is refused where the file is invalid already, or gone", () => {
    writeFileSync(file, "default_permission: PERHAPS\n");
    expect(() => store.rewrite((text) => text)).toThrow(
      expect.objectContaining({ code: "policy_invalid", hint: "Correct the file first, line 1." }),
    );
    rmSync(file);
    expect(() => store.rewrite((text) => text)).toThrow(
      expect.objectContaining({ code: "policy_invalid", hint: "Correct the file first." }),
    );
  });

  it("is told where it cannot be written, and leaves the file as it is", () => {
    mkdirSync(`${file}.new`);
    expect(() => store.rewrite((text) => `${text}# x\n`)).toThrow(
      expect.objectContaining({
        code: "config_invalid",
        message: `The policy file ${file} could not be written.`,
        hint: "Check that its folder is writable and the disk is not full.",
      }),
    );
    expect(readFileSync(file, "utf8")).toBe("default_permission: ALWAYS\n");
  });
});
