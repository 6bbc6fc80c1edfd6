import { describe, expect, it } from "vitest";
import { compileMatcher, type Judgement } from "./match.ts";
import { uriScheme } from "./uri-glob.ts";

const files = compileMatcher("file:///srv/**");
const notes = compileMatcher("note://work/*");

describe("a glob for URIs", () => {
  const table: [string, Judgement][] = [
    ["file:///srv/a.txt", "holds"],
    ["file:///srv/a/b/c.txt", "holds"],
    ["file:///srv/my%20file.txt", "holds"],
    ["file:///srv/my file.txt", "holds"],
    ["file:///srv/100%25a!.txt", "holds"],
    ["file:///srv/a.txt?raw=1#top", "holds"],
    ["file:///srv", "fails"],
    ["file:///srvx/a", "fails"],
    ["file:///etc/passwd", "fails"],
    ["https://example.com/srv/a", "fails"],
    ["note:srv", "fails"],
    ["srv/a", "fails"],
    ["srv/file:a", "fails"],
    ["", "fails"],
  ];
  it.each(table)("judges %s: it %s", (uri, judgement) => expect(files(uri)).toBe(judgement));

  it("keeps a single star within one segment, the host too", () => {
    expect(notes("note://work/monday")).toBe("holds");
    expect(notes("note://work/monday/noon")).toBe("fails");
    expect(notes("note://home/monday")).toBe("fails");
  });

  it.each([
    "file:///srv/../etc/passwd",
    "file:///srv/./a",
    "file:///srv//a",
    "file:////etc/passwd",
    "file:///srv/%2e%2e/etc/passwd",
    "file:///srv/%2E%2E%2Fetc/passwd",
    "file:///srv/..%2f..%2fetc/passwd",
    "file:///srv/%252e%252e/etc/passwd",
    "file:///srv/..\\..\\etc",
    "file:///srv/%5c..%5cetc",
    "file:///srv/%zz",
    "file:///%73rv/a",
    "file:///srv%2fa",
    "file://localhost/srv/a",
    "file:/srv/a",
    "file:srv",
    "FILE:///srv/a",
    "fi\tle:///srv/a",
    "file:///srv/a\n",
    " file:///srv/a",
    "file:///srv/a ",
    "file:///etc?/srv/../x",
    "/srv/../etc",
    5,
    null,
    undefined,
    ["file:///srv/a"],
  ])("cannot judge %j", (uri) => expect(files(uri)).toBe("indeterminate"));

  it("cannot judge what is another URI without its query, unless the glob names one", () => {
    const exact = compileMatcher("note://work/secret");
    expect(exact("note://work/secret")).toBe("holds");
    expect(exact("note://work/secret?x")).toBe("indeterminate");
    expect(exact("note://work/secret#x")).toBe("indeterminate");
    expect(compileMatcher("note://work/find?q=*")("note://work/find?q=a")).toBe("holds");
    expect(compileMatcher("note://work/find?query=*")("note://work/find?query=a")).toBe("holds");
    expect(compileMatcher("note://work/secre?")("note://work/secret?x")).toBe("indeterminate");
  });

  it("cannot judge a host that is the glob's in other letters", () => {
    expect(notes("note://WORK/monday")).toBe("indeterminate");
    expect(compileMatcher("note://work")("note://Work")).toBe("indeterminate");
    expect(compileMatcher("note://work")("note://worK")).toBe("indeterminate");
    expect(compileMatcher("note://work/Monday")("note://work/Monday")).toBe("holds");
  });

  it("is any glob that begins with a scheme, and no other", () => {
    expect(compileMatcher("**/srv/*")("file:///srv/a")).toBe("indeterminate");
    expect(compileMatcher("*.md")("note:a.md")).toBe("holds");
    expect(["note://a", "see note://a", "note:a"].map(uriScheme)).toEqual(["note", null, null]);
  });
});
