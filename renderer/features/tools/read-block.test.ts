import { describe, expect, it } from "vitest";
import { fileNameOf, isWebAddress, looksLikeMarkdown, maxMediaLength, readBlock, readJson } from "./read-block.ts";

describe("readBlock", () => {
  it("makes a data address of an image and tells its size", () => {
    expect(readBlock({ type: "image", data: "aGVs\nbG8=", mimeType: "image/png" })).toEqual({
      kind: "image",
      url: "data:image/png;base64,aGVsbG8=",
      mimeType: "image/png",
      bytes: 5,
    });
  });

  it.each([
    [{ type: "image", data: "AAAA", mimeType: "text/html" }, "kind"],
    [{ type: "image", data: "AAAA", mimeType: 'image/png;x="<"' }, "kind"],
    [{ type: "audio", data: "<script>", mimeType: "audio/wav" }, "base64"],
    [{ type: "image", data: "A".repeat(maxMediaLength + 1), mimeType: "image/png" }, "large"],
  ])("withholds media that are not what they must be", (block, reason) => {
    expect(readBlock(block)).toMatchObject({ kind: "withheld", reason: expect.stringContaining(reason) });
  });

  it("looks into an embedded resource", () => {
    const resource = { uri: "demo://1", mimeType: "text/plain", text: "hi" };
    expect(readBlock({ type: "resource", resource })).toMatchObject({
      kind: "resource",
      uri: "demo://1",
      content: { kind: "text", text: "hi", written: null },
      file: { name: "1", text: "hi" },
    });
    const binary = { uri: "demo://2", mimeType: "application/zip", blob: "AAAA" };
    expect(readBlock({ type: "resource", resource: binary })).toMatchObject({
      content: { kind: "withheld", reason: "3 bytes of data, not shown" },
      file: { name: "2", base64: "AAAA" },
    });
    const words = { uri: "demo://4", mimeType: "text/plain", blob: btoa("caf\u00c3\u00a9") };
    expect(readBlock({ type: "resource", resource: words })).toMatchObject({
      content: { kind: "text", text: "caf\u00e9" },
    });
    const noWords = { uri: "demo://5", mimeType: "text/plain", blob: btoa("\u00ff\u00fe") };
    expect(readBlock({ type: "resource", resource: noWords })).toMatchObject({ content: { kind: "withheld" } });
    const broken = { uri: "demo://3", blob: "<script>" };
    expect(readBlock({ type: "resource", resource: broken })).toMatchObject({ file: null });
  });

  it.each([
    ["text/markdown", "markdown"],
    ["text/markdown; charset=utf-8", "markdown"],
    ["application/json", "json"],
    ["application/ld+json", "json"],
    ["text/html", null],
  ])("knows how %s is written", (mimeType, written) => {
    const resource = { uri: "demo://1", mimeType, text: "x" };
    expect(readBlock({ type: "resource", resource })).toMatchObject({ content: { written } });
  });

  it("passes on what it does not know", () => {
    expect(readBlock({ type: "video", data: 1 })).toEqual({ kind: "unknown", value: { type: "video", data: 1 } });
    expect(readBlock({ type: "image" })).toMatchObject({ kind: "unknown" });
    expect(readBlock(null)).toEqual({ kind: "unknown", value: null });
  });
});

describe("readJson", () => {
  it("reads objects and lists, and leaves other text alone", () => {
    expect(readJson(' {"a": 1}')).toEqual({ value: { a: 1 } });
    expect(readJson("[1]")).toEqual({ value: [1] });
    for (const text of ["12", '"x"', "{oops", ""]) expect(readJson(text)).toBeNull();
  });
});

describe("fileNameOf", () => {
  it.each([
    ["file:///srv/notes.md", "notes.md"],
    ["https://example.com/a/b.json?x=1#y", "b.json"],
    ["demo://folder/", "folder"],
    ["file:///srv/..", "resource"],
    ["demo://a/%2e%2e%2fetc", "_2e_2e_2fetc"],
    ["demo://a/.bashrc", "bashrc"],
    ["demo://a/\u202Egpj.exe", "_gpj.exe"],
    ["", "resource"],
  ])("names what stands at %j %j", (uri, name) => {
    expect(fileNameOf(uri)).toBe(name);
  });
});

describe("looksLikeMarkdown", () => {
  it("goes by marks that only Markdown gives a meaning", () => {
    for (const text of [
      "# Head",
      "a\n```js\nb\n```",
      "- a\n- b",
      "1. a\n2. b",
      "see [it](https://x.test)",
      "**Note** x",
    ])
      expect([text, looksLikeMarkdown(text)]).toEqual([text, true]);
    for (const text of ["plain", "#hashtag", "2 * 3 * 4", "a - b", "f(x)[1](", "- one line"])
      expect([text, looksLikeMarkdown(text)]).toEqual([text, false]);
  });
});

describe("isWebAddress", () => {
  it("is http or https, nothing else", () => {
    expect(isWebAddress("https://example.com/a")).toBe(true);
    for (const uri of ["javascript:alert(1)", "file:///etc/passwd", "https://", "demo://1"]) {
      expect(isWebAddress(uri)).toBe(false);
    }
  });
});
