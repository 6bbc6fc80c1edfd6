import { describe, expect, it } from "vitest";
import { readTemplate } from "./expand-template.ts";

describe("readTemplate", () => {
  it("names each variable once, and those that may be left out", () => {
    expect(readTemplate("repo://{owner}/{name}/{owner}{?branch,depth}")?.variables).toEqual([
      { name: "owner", optional: false },
      { name: "name", optional: false },
      { name: "branch", optional: true },
      { name: "depth", optional: true },
    ]);
  });

  it("fills them in, escaped as the standard says", () => {
    const template = readTemplate("file:///{+path}?q={text}");
    expect(template?.expand({ path: "a/b", text: "c/d e" })).toBe("file:///a/b?q=c%2Fd%20e");
  });

  it("is nothing where the template cannot be read", () => {
    expect(readTemplate("file:///{path")).toBeNull();
  });
});
