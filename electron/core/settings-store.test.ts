import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { CoreEvents } from "./events.ts";
import { FakeClock } from "./fake-clock.ts";
import { silentLogger } from "./logger.ts";
import { SettingsStore } from "./settings-store.ts";

let file: string;
let events: CoreEvents;
const open = (env: Record<string, string> = {}) => new SettingsStore(file, { clock: new FakeClock(), env }, events);

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "switchgear-")), "settings.json");
  events = new CoreEvents(silentLogger);
});

describe("settings", () => {
  it("start off, in production", () => {
    const settings = open();
    expect(settings.mcpEnabled).toBe(false);
    expect(settings.environment).toBe("production");
    expect(settings.notices).toEqual([]);
  });

  it("are kept across starts, and each change is told", () => {
    const told: unknown[] = [];
    events.on("settings.changed", (view) => told.push(view.theme));
    open().set({ mcpEnabled: true, theme: "dark" });
    const again = open();
    expect(again.mcpEnabled).toBe(true);
    expect(again.view().theme).toBe("dark");
    expect(told).toEqual(["dark"]);
  });

  it.each([
    ["true", true],
    ["TRUE", true],
    ["false", false],
  ])("are governed by MAGSAG_MCP_ENABLED=%s", (value, enabled) => {
    const settings = open({ MAGSAG_MCP_ENABLED: value });
    expect(settings.mcpEnabled).toBe(enabled);
    expect(settings.view().mcpEnabled.governedBy).toBe("environment-variable");
    expect(() => settings.set({ mcpEnabled: !enabled })).toThrow(/MAGSAG_MCP_ENABLED governs/);
    expect(settings.set({ theme: "light" }).theme).toBe("light");
  });

  it.each(["yes", "1", ""])("stay off, in words, where MAGSAG_MCP_ENABLED is %j", (value) => {
    open().set({ mcpEnabled: true });
    const settings = open({ MAGSAG_MCP_ENABLED: value });
    expect(settings.mcpEnabled).toBe(false);
    expect(settings.notices[0]?.hint).toContain("true or false");
  });

  it("take the environment from SWITCHGEAR_ENV where it is set", () => {
    const settings = open({ SWITCHGEAR_ENV: "staging" });
    expect(settings.environment).toBe("staging");
    expect(() => settings.set({ environment: "production" })).toThrow(/SWITCHGEAR_ENV governs/);
  });

  it("take the receiver of telemetry from its variable where it is set, and say where it is none", () => {
    const variable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const settings = open({ [variable]: "http://localhost:4318" });
    expect(settings.view().telemetry).toMatchObject({ value: { endpoint: "http://localhost:4318" }, variable });
    for (const wrong of ["localhost:4318", "ftp://localhost", "http://me:secret@localhost:4318", "http://a/?key=1"]) {
      const mistaken = open({ [variable]: wrong });
      expect(mistaken.notices, wrong).toMatchObject([{ message: expect.stringContaining(variable) as string }]);
      expect(mistaken.notices[0]?.message).not.toContain("secret");
      expect(mistaken.view().telemetry).toMatchObject({
        value: { endpoint: null },
        governedBy: "environment-variable",
      });
    }
  });

  it.each(["{", '{"theme":"mauve"}', "[]"])("set a damaged file aside and say so: %s", (text) => {
    writeFileSync(file, text);
    const settings = open();
    expect(settings.mcpEnabled).toBe(false);
    expect(settings.notices[0]?.message).toContain("damaged");
    const aside = readdirSync(join(file, "..")).find((name) => name.includes("damaged"));
    expect(readFileSync(join(file, "..", aside!), "utf8")).toBe(text);
  });

  it("say where they could not be written, and keep what was", () => {
    const settings = new SettingsStore("/dev/null/settings.json", { clock: new FakeClock(), env: {} }, events);
    expect(() => settings.set({ theme: "dark" })).toThrow(/could not be written/);
    expect(settings.view().theme).toBe("system");
  });

  it("stay where a change leaves them out, and where it names them without a value", () => {
    const settings = open();
    settings.set({ environment: "staging", mcpEnabled: true });
    settings.set({ environment: undefined, mcpEnabled: undefined, theme: "dark" });
    expect(settings.view()).toMatchObject({
      environment: { value: "staging" },
      mcpEnabled: { value: true },
      theme: "dark",
    });
  });

  it("begin with the defaults where a damaged file cannot even be set aside", () => {
    writeFileSync(file, "{");
    mkdirSync(`${file}.damaged-2026-01-01T00-00-00`);
    const settings = open();
    expect(settings.mcpEnabled).toBe(false);
    expect(settings.notices).toMatchObject([
      { id: "settings-file", hint: expect.stringContaining("could not be set aside") },
    ]);
  });
});
