import { describe, expect, it } from "vitest";
import { readOrigin } from "./listed-origins.ts";

describe("a further origin of the console", () => {
  it.each([
    ["http://127.0.0.1:9000", "http://127.0.0.1:9000"],
    ["HTTP://LocalHost:9000/", "http://localhost:9000"],
    ["http://[::1]:9000", "http://[::1]:9000"],
    ["http://127.0.0.1:80", "http://127.0.0.1"],
    ["https://console.example", "https://console.example"],
    ["https://Console.Example:8443", "https://console.example:8443"],
  ])("may be %s", (given, read) => {
    expect(readOrigin(given, "--ui-origin")).toBe(read);
  });

  it.each([
    "",
    "*",
    "null",
    "127.0.0.1:9000",
    "https://*.example",
    "https://*",
    "http://127.0.0.1:*",
    "https://console.example/console/",
    "https://console.example?x",
    "https://console.example#x",
    "https://me:secret@console.example",
    "http://console.example",
    "http://localhost.evil.com:9000",
    "http://127.0.0.1.evil.com",
    "http://192.168.0.2:9000",
    "http://0.0.0.0:9000",
    "file:///etc/passwd",
    "javascript:alert(1)",
  ])("is never %j", (given) => {
    expect(() => readOrigin(given, "--ui-origin")).toThrow(
      expect.objectContaining({ code: "config_invalid", message: expect.stringContaining("--ui-origin") }),
    );
  });
});
