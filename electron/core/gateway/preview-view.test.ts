import { describe, expect, it } from "vitest";
import { previewView } from "./preview-view.ts";

const tools = ["lab.wipe", "db.query", "lab.echo", "ape.climb"].map((each) => {
  const [server = "", name = ""] = each.split(".");
  return { server, stale: false, tool: { name, inputSchema: { type: "object" as const } } };
});

describe("the preview of what a client would see", () => {
  it("names the tools of each server, and counts those that it would not see", () => {
    expect(previewView({ tools: () => tools }, ["lab.e*", "db"])).toEqual([
      { server: "db", seen: ["query"], hidden: 0 },
      { server: "lab", seen: ["echo"], hidden: 1 },
      { server: "ape", seen: [], hidden: 1 },
    ]);
  });

  it("is everything where nothing is left out", () => {
    expect(previewView({ tools: () => tools }, null).map(({ seen, hidden }) => [seen.length, hidden])).toEqual([
      [1, 0],
      [1, 0],
      [2, 0],
    ]);
  });
});
