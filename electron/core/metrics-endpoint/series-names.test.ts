import { expect, it } from "vitest";
import { SeriesNames } from "./series-names.ts";

const listed = new Set(["a.x", "a.y", "b.x"]);
const open = (most?: number) =>
  new SeriesNames({
    hasServer: (id) => id === "a" || id === "b",
    isListed: (server, tool) => listed.has(`${server}.${tool}`),
    ...(most !== undefined && { most }),
  });

it("gives the tools that servers list series of their own, and all else one together", () => {
  const names = open();
  expect(names.of("a", "x")).toEqual({ server: "a", tool: "x" });
  expect(names.of("a", "made up")).toEqual({ server: "a", tool: "_other" });
  expect(names.of("made up", "x")).toEqual({ server: "_other", tool: "_other" });
});

it("takes no more tools than so many, and keeps those that it has", () => {
  const names = open(2);
  expect(names.of("a", "x").tool).toBe("x");
  expect(names.of("b", "x").tool).toBe("x");
  expect(names.of("a", "y")).toEqual({ server: "a", tool: "_other" });
  expect(names.of("a", "x").tool).toBe("x");
});
