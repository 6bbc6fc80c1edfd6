import { UriTemplate } from "@modelcontextprotocol/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exposeUri, urisOfAll, urisOfOne } from "./exposed-uris.ts";

const resources = ["files", "a-b_c"];
const known = [...resources, "plain"];
const uris = urisOfAll({
  has: (id) => known.includes(id),
  connection: (id) => ({ capabilities: resources.includes(id) ? ["tools", "resources"] : ["tools"] }) as never,
});
const anyUri = fc.oneof(
  fc.webUrl(),
  fc.string({ minLength: 1 }),
  fc.constantFrom("file:///a/../b?x=#y", "switchgear://files/x"),
);

describe("the URI of a resource at the address of all servers", () => {
  it("says whose it is, and loses nothing of what that server calls it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), anyUri, (server, uri) => {
        expect(uris.find(uris.expose({ server, uri }))).toEqual({ server, uri });
      }),
    );
  });

  it("is no other's", () => {
    const own = fc.record({ server: fc.constantFrom(...known), uri: anyUri });
    fc.assert(
      fc.property(own, own, (a, b) => {
        expect(exposeUri(a) === exposeUri(b)).toBe(a.server === b.server && a.uri === b.uri);
      }),
    );
  });

  it.each([
    ["note://{owner}/{+path}{?q,page}", { owner: "me", path: "a/b", q: "x y", page: "2" }],
    ["demo://resource/dynamic/text/{id}", { id: "a/b?c" }],
    ["{+whole}", { whole: "file:///a b" }],
    ["x:{/a,b}{#c}", { a: "1", b: "2", c: "3" }],
  ])("is that of the template filled in: %s", (template, given) => {
    const server = "files";
    const exposed = new UriTemplate(exposeUri({ server, uri: template })).expand(given);
    expect(uris.find(exposed)).toEqual({ server, uri: new UriTemplate(template).expand(given) });
  });

  it.each([
    "file:///etc/passwd",
    "switchgear://gone/file:///a",
    "switchgear://files/",
    "switchgear://files",
    "SWITCHGEAR://files/a",
    "switchgear://Files/a",
    " switchgear://files/a",
    "",
  ])("is none that was not given out: %j", (uri) => {
    expect(uris.find(uri)).toBeNull();
  });
});

describe("what an answer points at", () => {
  it("is what the client can read, where it could not load it by itself", () => {
    const link = (uri: string) => uris.link({ server: "files", uri });
    expect(link("file:///a")).toBe("switchgear://files/file:///a");
    expect(link("https://example.test/a")).toBe("https://example.test/a");
    expect(link("HTTP://example.test/a")).toBe("HTTP://example.test/a");
    expect(link("httpx://a")).toBe("switchgear://files/httpx://a");
  });

  it("stays as it is where its server has no resources to read", () => {
    expect(uris.link({ server: "plain", uri: "file:///a" })).toBe("file:///a");
    expect(uris.link({ server: "gone", uri: "file:///a" })).toBe("file:///a");
  });
});

describe("the URI of a resource at the address of its server", () => {
  it("is its own", () => {
    const own = urisOfOne("files");
    expect(own.expose({ server: "files", uri: "file:///a" })).toBe("file:///a");
    expect(own.find("switchgear://plain/x")).toEqual({ server: "files", uri: "switchgear://plain/x" });
  });
});
