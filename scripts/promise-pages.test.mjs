import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** `[file](path): name of the test`, up to the next one or the end of the cell. */
const shown = /\]\((\.\.\/[^)]+\.(?:test|journey)\.(?:ts|mjs))\): (.+?)(?=<br>|\s+\|)/g;

it.for([
  ["resilience.md", 100],
  ["security.md", 3],
])("names in docs/%s no test that there is not", ([name, atLeast]) => {
  const page = new URL(`../docs/${name}`, import.meta.url);
  const named = [...readFileSync(page, "utf8").matchAll(shown)];
  const missing = named.filter(([, file, test]) => !readFileSync(new URL(file, page), "utf8").includes(`"${test}"`));
  expect(missing.map(([text]) => text)).toEqual([]);
  expect(named.length).toBeGreaterThanOrEqual(atLeast);
});
