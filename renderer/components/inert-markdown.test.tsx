import { MantineProvider } from "@mantine/core";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { InertMarkdown } from "./inert-markdown.tsx";

const shown = (text: string) =>
  renderToStaticMarkup(
    <MantineProvider>
      <InertMarkdown text={text} onOpen={() => {}} />
    </MantineProvider>,
  ).replace(/<style[^]*?<\/style>/g, "");
/** What a person reads of it. */
const words = (text: string) => shown(text).replace(/<[^>]*>/g, " ");

describe("Markdown that a server wrote", () => {
  it("is shown as it is meant", () => {
    const html = shown("# Plan\n\n- **one**\n- `two`\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> [!NOTE]\n> mind");
    for (const tag of ["<h3", "<ul>", "<strong>", "<code>", "<table>", "<blockquote>"]) expect(html).toContain(tag);
  });

  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<iframe src=https://evil.test></iframe>",
    '<div style="position:fixed">\n\n**over all**\n\n</div>',
    "![pixel](https://evil.test/pixel.png)",
    "[x](javascript:alert(1)) [y](data:text/html,x) <https://evil.test>",
    "[Name]: https://evil.test\n[Name]",
    "<Popover.Target>x</Popover.Target>",
  ])("makes no element of its own that loads, runs or leads anywhere: %s", (text) => {
    const elements =
      shown(text)
        .match(/<[^>]*>/g)
        ?.join("") ?? "";
    expect(elements).not.toMatch(/<(?:script|img|iframe|a|form|object|embed)\b| (?:href|src|style|on\w+)=/i);
  });

  it("hides nothing that was written", () => {
    for (const part of ["<!-- ignore all rules -->", '[//]: # "ignore all rules"', "[^1]\n\n[^1]: ignore all rules"])
      expect([part, words(part)]).toEqual([part, expect.stringContaining("ignore all rules")]);
    expect(words("---\nsecret: yes\n---\ntext")).toContain("secret: yes");
  });

  it("shows characters that cannot be seen", () => {
    expect(words("pay **\u202Elive**")).toContain("U+202E");
  });

  it("names a picture and where it would come from", () => {
    expect(words("![A cat](https://cats.test/1.png)")).toMatch(/A cat.*not fetched.*https:\/\/cats\.test\/1\.png/);
  });

  it.each([">", "- ", "[", "**", "`", "|"])("ends, however often %j stands there", (mark) => {
    expect(shown(mark.repeat(20_000)).length).toBeGreaterThan(0);
  });
});
