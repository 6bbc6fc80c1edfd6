import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFileLogger } from "./logger.ts";

const folder = () => mkdtempSync(join(tmpdir(), "switchgear-log-"));

it("writes one line of JSON an event, secrets masked", () => {
  const data = folder();
  using logger = createFileLogger(data, (line) => line.replaceAll("hunter2", "•••"));
  logger.warn("It said hunter2.", { error: new Error("hunter2") });
  const text = readFileSync(join(data, "logs/switchgear.log"), "utf8");
  expect(JSON.parse(text)).toMatchObject({ msg: "It said •••.", error: { message: "•••" } });
  expect(text).not.toContain("hunter2");
});

it.runIf(existsSync("/dev/full"))("loses lines where the disk is full, and ends nothing", () => {
  const data = folder();
  mkdirSync(join(data, "logs"));
  symlinkSync("/dev/full", join(data, "logs/switchgear.log"));
  const logger = createFileLogger(data, (line) => line);
  expect(() => logger.info("one")).not.toThrow();
  expect(() => logger.info("two")).not.toThrow();
});

it("says nothing where its folder cannot be made", () => {
  const data = folder();
  writeFileSync(join(data, "logs"), "in the way");
  using logger = createFileLogger(data, (line) => line);
  expect(() => logger.error("nobody hears it")).not.toThrow();
});
