import { expect, it } from "vitest";
import { parseServerFile } from "./server-file.ts";
import { withEnabled } from "./with-enabled.ts";

const body = "transport: http # by hand\nurl: http://127.0.0.1:1/mcp\n";

it.each([
  [
    "below the id, where the file says nothing",
    `# Ours\nid: a # short\n${body}`,
    `# Ours\nid: a # short\nenabled: false\n${body}`,
  ],
  [
    "in its place, comments kept",
    `id: a\n${body}enabled: true # for now\n`,
    `id: a\n${body}enabled: false # for now\n`,
  ],
  [
    "in a file of Windows' lines",
    "id: a\r\ntransport: http\r\nurl: http://a/\r\n",
    "id: a\r\nenabled: false\r\ntransport: http\r\nurl: http://a/\r\n",
  ],
  [
    "where the id is the last line",
    "transport: http\nurl: http://a/\nid: a",
    "transport: http\nurl: http://a/\nid: a\nenabled: false\n",
  ],
  [
    "under a document mark, indented",
    "---\n  id: a\n  transport: http\n  url: http://a/\n",
    "---\n  id: a\n  enabled: false\n  transport: http\n  url: http://a/\n",
  ],
  [
    "on one line",
    '{ id: a, transport: http, url: "http://a/" }\n',
    '{ id: a, transport: http, url: "http://a/", enabled: false }\n',
  ],
])("switches off %s", (_where, before, after) => {
  expect(withEnabled(before, false)).toBe(after);
  expect(parseServerFile(after, "a.yaml")).toMatchObject({ config: { id: "a", enabled: false } });
});

it("switches on what says false, and leaves alone what says nothing", () => {
  expect(withEnabled(`id: a\nenabled: false # why\n${body}`, true)).toBe(`id: a\nenabled: true # why\n${body}`);
  expect(withEnabled(`id: a\n${body}`, true)).toBe(`id: a\n${body}`);
});

it("comes back to the very text that it began with, once the key is there", () => {
  const text = `id: a\nenabled: true\n# Two\n\n${body}`;
  expect(withEnabled(withEnabled(text, false), true)).toBe(text);
});
