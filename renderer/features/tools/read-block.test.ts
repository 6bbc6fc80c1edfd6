import { describe, expect, it } from "vitest";
import { isWebAddress, maxMediaLength, readBlock, readJson } from "./read-block.ts";

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
      content: { kind: "text", text: "hi" },
    });
    const binary = { uri: "demo://2", mimeType: "application/zip", blob: "AAAA" };
    expect(readBlock({ type: "resource", resource: binary })).toMatchObject({
      content: { kind: "withheld", reason: "3 bytes of data, not shown" },
    });
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

describe("isWebAddress", () => {
  it("is http or https, nothing else", () => {
    expect(isWebAddress("https://example.com/a")).toBe(true);
    for (const uri of ["javascript:alert(1)", "file:///etc/passwd", "https://", "demo://1"]) {
      expect(isWebAddress(uri)).toBe(false);
    }
  });
});
