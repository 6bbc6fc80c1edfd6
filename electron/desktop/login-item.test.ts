import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { autostartEntry } from "./login-item.ts";

function scene(command = "/opt/Switchgear/switchgear") {
  const home = mkdtempSync(join(tmpdir(), "login-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const file = join(home, ".config/autostart/switchgear.desktop");
  return { item: autostartEntry(command, {}, home), file, home, text: () => readFileSync(file, "utf8") };
}

it("writes an entry that starts the program in the background, and takes it away again", () => {
  const { item, text } = scene();
  expect(item.isOn()).toBe(false);
  item.set(true);
  expect(item.isOn()).toBe(true);
  expect(text()).toContain('Exec="/opt/Switchgear/switchgear" --background\n');
  item.set(true);
  item.set(false);
  expect(item.isOn()).toBe(false);
  item.set(false);
});

it("goes by the configuration folder that the environment names", () => {
  const { home } = scene();
  const item = autostartEntry("/s", { XDG_CONFIG_HOME: join(home, "elsewhere") }, home);
  item.set(true);
  expect(readFileSync(join(home, "elsewhere/autostart/switchgear.desktop"), "utf8")).toContain("[Desktop Entry]");
});

it("sees that a person switched the entry off elsewhere", () => {
  const { item, file, text } = scene();
  item.set(true);
  writeFileSync(file, `${text()}Hidden=true\n`);
  expect(item.isOn()).toBe(false);
});

it("quotes a path with spaces and with characters that mean something to the entry", () => {
  const { item, text } = scene('/home/me/My "apps"/100%/$gear');
  item.set(true);
  expect(text()).toContain('Exec="/home/me/My \\\\"apps\\\\"/100%%/\\\\$gear" --background');
});

it("throws what the system says where the entry cannot be written", () => {
  const { item, home } = scene();
  mkdirSync(join(home, ".config"));
  writeFileSync(join(home, ".config/autostart"), "a file in the folder's place");
  expect(() => item.set(true)).toThrow(/EEXIST|ENOTDIR/);
});
