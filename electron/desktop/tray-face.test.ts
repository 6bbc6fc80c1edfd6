import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AppStatus } from "../../shared/status.ts";
import { trayFace } from "./tray-face.ts";

function status(change: Partial<AppStatus>): AppStatus {
  return {
    mcp: { enabled: true, governedBy: "setting" },
    policy: { state: "valid" },
    pendingApprovals: 0,
    circuitsNotClosed: 0,
    ...change,
  } as AppStatus;
}
const off = { enabled: false, governedBy: "setting" } as const;

it.each([
  ["closed", "No call waits", "All circuits closed", {}],
  ["off", "No call waits", "MCP is off", { mcp: off }],
  ["open", "No call waits", "1 circuit not closed", { circuitsNotClosed: 1 }],
  ["closed-waiting", "1 call waits for you", "All circuits closed", { pendingApprovals: 1 }],
  ["open-waiting", "3 calls wait for you", "2 circuits not closed", { pendingApprovals: 3, circuitsNotClosed: 2 }],
  ["closed-waiting", "1 call waits for you", "MCP is off", { pendingApprovals: 1, mcp: off }],
] as const)("shows %s: %s, %s", (picture, waiting, circuits, change) => {
  const face = trayFace(status(change));
  expect(face).toMatchObject({ picture, waiting, circuits, tooltip: `Switchgear\n${waiting}\n${circuits}` });
});

it("has each of its pictures, in colour and for a menu bar", () => {
  const folder = join(import.meta.dirname, "../icons/tray");
  for (const picture of ["off", "closed", "open", "closed-waiting", "open-waiting"]) {
    for (const file of [`colour-${picture}-16`, `colour-${picture}-32`, `colour-${picture}-48`])
      expect(existsSync(join(folder, `${file}.png`)), file).toBe(true);
    for (const file of [`template-${picture}-18`, `template-${picture}-36`])
      expect(existsSync(join(folder, `${file}.png`)), file).toBe(true);
  }
});

it("offers to turn the master switch the other way, and nothing where a variable governs it", () => {
  expect(trayFace(status({})).turn).toBe("Turn MCP off");
  expect(trayFace(status({ mcp: off })).turn).toBe("Turn MCP on");
  expect(trayFace(status({ mcp: { enabled: true, governedBy: "environment-variable" } })).turn).toBeNull();
});

it("says that the policy is invalid, and leads to the circuits that are not closed", () => {
  const invalid = { state: "invalid" } as AppStatus["policy"];
  expect(trayFace(status({ policy: invalid })).tooltip).toContain("Policy invalid");
  expect(trayFace(status({ circuitsNotClosed: 1 })).circuitsRoute).toBe("/?state=not-closed");
  expect(trayFace(status({})).circuitsRoute).toBe("/");
});
