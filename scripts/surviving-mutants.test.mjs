import { expect, it } from "vitest";
import { explained, survivors } from "./surviving-mutants.mjs";

const file = "electron/core/policy/glob.ts";
const source = "const a = 1;\nif (a > 0 ||\n    a < 2) go();\n";

/** A report with one mutant of the condition. */
const report = (status, replacement) => ({
  files: {
    [file]: {
      source,
      mutants: [{ status, replacement, location: { start: { line: 2, column: 5 }, end: { line: 3, column: 10 } } }],
    },
  },
});

it.each([
  ["Survived", 1],
  ["NoCoverage", 1],
  ["Killed", 0],
  ["Timeout", 0],
])("takes a mutant that is told as %s for %i that survives", (status, count) => {
  expect(survivors(report(status, "true"))).toHaveLength(count);
});

it("tells a survivor by its file and the lines that it changes, as one line", () => {
  expect(survivors(report("Survived", "a > 0 &&\n  a < 2"))).toEqual([
    {
      ...{ file, line: 2, from: "if (a > 0 || a < 2) go();", to: "if (a > 0 && a < 2) go();" },
      key: `${file}: if (a > 0 || a < 2) go(); → if (a > 0 && a < 2) go();`,
    },
  ]);
});

it("reads from a page what it explains, whatever its columns' width, and nothing that has no reason", () => {
  const page = [
    "| file                                       | mutant                                     | why  |",
    `| [glob](../${file})  | \`if (a > 0 \\|\\| a < 2) go();\` → \`if (a > 0 && a < 2) go();\`   | Never both.  |`,
    `| [glob](../${file}) | \`\` \`x\` \`\` → \`\` \`\` \`\` | Shown to nobody. |`,
    `| [glob](../${file}) | \`if (a > 0 \\|\\| a < 2) go();\` → \`if (true) go();\` |  |`,
  ].join("\n");
  const keys = explained(page);
  expect([...keys.keys()]).toEqual([
    `${file}: if (a > 0 || a < 2) go(); → if (a > 0 && a < 2) go();`,
    `${file}: \`x\` → \`\``,
  ]);
  expect(survivors(report("Survived", "a > 0 &&\n  a < 2")).every(({ key }) => keys.get(key) === file)).toBe(true);
  expect(survivors(report("Survived", "true")).some(({ key }) => keys.has(key))).toBe(false);
});
