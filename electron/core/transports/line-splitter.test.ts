import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "./line-splitter.ts";

function split(chunks: Buffer[], maxBytes = 1_000): string[] {
  const seen: string[] = [];
  const splitter = new LineSplitter({
    maxBytes,
    onLine: (line) => void seen.push(line.toString()),
    onOverflow: (head) => void seen.push(`over ${head.subarray(0, 3).toString()}`),
    onOverflowEnd: (tail) => void seen.push(`end ${tail.subarray(-3).toString()}`),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return seen;
}

describe("LineSplitter", () => {
  it("finds the same lines however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }).map((line) => line.replace(/[\r\n]/g, ""))),
        fc.nat(7),
        (lines, step) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          const chunks: Buffer[] = [];
          for (let at = 0; at < bytes.length; at += step + 1) chunks.push(bytes.subarray(at, at + step + 1));
          expect(split(chunks)).toEqual(lines);
        },
      ),
    );
  });

  it("takes CRLF, and a last line without an end", () => {
    expect(split([Buffer.from("a\r"), Buffer.from("\nb\r\nc")])).toEqual(["a", "b", "c"]);
  });

  it("drops a line over the cap, telling of it at once and again at its end", () => {
    expect(split([Buffer.from("123456789"), Buffer.from("0abcdef"), Buffer.from("xyz\nok\n")], 10)).toEqual([
      "over 123",
      "end xyz",
      "ok",
    ]);
    expect(split([Buffer.from("1234567890\n")], 10)).toEqual(["1234567890"]);
    expect(split([Buffer.from("12345678901\n")], 10)).toEqual(["over 123", "end 901"]);
  });
});
