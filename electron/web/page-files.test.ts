import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PageFiles } from "./page-files.ts";
import { WebFixture } from "./fixtures/web-fixture.ts";

describe("the files of the page", () => {
  it("are served with the window's policy of content, and with what a browser needs besides", async () => {
    await using fixture = await WebFixture.open();
    const { status, headers, text } = await fixture.ask("");
    expect(status).toBe(200);
    expect(text).toContain("<title>Switchgear</title>");
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-cache",
    });
    const policy = headers["content-security-policy"];
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain("unsafe-eval");
  });

  it("are kept by a browser for good where their name says what they hold", async () => {
    await using fixture = await WebFixture.open();
    const { headers } = await fixture.ask("assets/index-C9OZGF5k.js");
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    });
    const head = await fixture.ask("assets/index-C9OZGF5k.js", { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, text: "", headers: { "content-length": "10" } });
  });

  it.each([
    "../secret.txt",
    "assets/../../secret.txt",
    "%2e%2e/secret.txt",
    "..%2fsecret.txt",
    "..%5csecret.txt",
    "%252e%252e%252fsecret.txt",
    "assets/%2e%2e/%2e%2e/secret.txt",
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "linked.txt",
    "linked/secret.txt",
    "index.html%00.js",
    "assets/index-C9OZGF5k.js.map",
    "assets",
    "assets/",
    "constructor",
    "__proto__",
  ])("are all that is served: not %s", async (path) => {
    await using fixture = await WebFixture.open();
    const answer = await fixture.ask(`/console/${path}`);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain("not for browsers");
  });

  it("can be read and nothing else", async () => {
    await using fixture = await WebFixture.open();
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const answer = await fixture.ask("", { method });
      expect(answer, method).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    }
    expect(await fixture.ask("/console")).toMatchObject({ status: 308, headers: { location: "/console/" } });
  });

  it("have to be built, or nothing is served at all", () => {
    const empty = mkdtempSync(join(tmpdir(), "switchgear-empty-"));
    for (const folder of [empty, join(empty, "none")]) expect(() => PageFiles.open(folder)).toThrow("is not in");
    rmSync(empty, { recursive: true });
  });
});
