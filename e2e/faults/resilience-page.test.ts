import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const page = new URL("../../docs/resilience.md", import.meta.url);
/** `[file](path): name of the test`, up to the next one or the end of the cell. */
const shown = /\]\((\.\.\/[^)]+\.test\.ts)\): (.+?)(?=<br>|\s+\|)/g;

it("names in docs/resilience.md no test that there is not", () => {
  const named = [...readFileSync(page, "utf8").matchAll(shown)];
  const missing = named.filter(([, file, name]) => !readFileSync(new URL(file!, page), "utf8").includes(`"${name}"`));
  expect(missing.map(([text]) => text)).toEqual([]);
  expect(named.length).toBeGreaterThan(100);
});
