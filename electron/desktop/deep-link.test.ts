import fc from "fast-check";
import { expect, it } from "vitest";
import { linkAmong, routeOfLink } from "./deep-link.ts";

it.each([
  ["switchgear://panel", "/"],
  ["switchgear://servers", "/"],
  ["switchgear://approvals", "/approvals"],
  ["switchgear://approvals/", "/approvals"],
  ["SWITCHGEAR://policy", "/policy"],
  [
    "switchgear://approvals/3f0a4d34-5ce5-4a0b-8a1c-7c0f4a1c9f11",
    "/approvals?ticket=3f0a4d34-5ce5-4a0b-8a1c-7c0f4a1c9f11",
  ],
  ["switchgear://activity/3f0a4d34-5ce5-4a0b-8a1c-7c0f4a1c9f11", "/activity?call=3f0a4d34-5ce5-4a0b-8a1c-7c0f4a1c9f11"],
  ["switchgear://servers/fault-lab", "/?server=fault-lab"],
  ["switchgear://tools/fault-lab/echo", "/tools?server=fault-lab&tool=echo"],
  ["switchgear://tools/github/repos%2Fget", "/tools?server=github&tool=repos%2Fget"],
  ["switchgear://tools/github/a%26b%3D%23", "/tools?server=github&tool=a%26b%3D%23"],
  ["switchgear://resources", "/resources"],
  ["switchgear://resources/everything/demo%3A%2F%2Fa%3Fb", "/resources?server=everything&uri=demo%3A%2F%2Fa%3Fb"],
  ["switchgear://prompts/everything/args-prompt", "/prompts?server=everything&prompt=args-prompt"],
])("%s opens %s", (link, route) => {
  expect(routeOfLink(link)).toBe(route);
});

it.each([
  "",
  "switchgear",
  "switchgear:",
  "switchgear://",
  "switchgear:approvals",
  "switchgear://nowhere",
  "switchgear://Approvals/../../etc/passwd",
  "switchgear://approvals/one/two",
  "switchgear://approvals/1?approve=true",
  "switchgear://approvals/1#approve",
  "switchgear://user:password@approvals/1",
  "switchgear://approvals:80/1",
  "switchgear://approvals/%2e%2e%2fsettings",
  "switchgear://approvals/%",
  "switchgear://approvals/a b",
  "switchgear://approvals//1",
  "switchgear://settings/mcpEnabled",
  "switchgear://servers/Fault-Lab",
  "switchgear://servers/..%2f",
  "switchgear://tools/fault-lab/echo/call",
  "switchgear://tools/fault-lab/%ff",
  "switchgear://resources/fault-lab",
  "switchgear://resources/fault-lab/demo:/read?now",
  "switchgear://constructor/fault-lab/echo",
  "https://example.com/",
  "javascript:alert(1)",
  "app://console/#/policy",
  `switchgear://tools/fault-lab/${"x".repeat(2_000)}`,
])("leads nowhere: %s", (link) => {
  expect(routeOfLink(link)).toBeNull();
});

it("never throws, and never leaves the screens there are", () => {
  const parts = fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }).map((each) => each.join("/"));
  const link = fc
    .tuple(fc.constantFrom("switchgear://", "switchgear:", "https://", ""), parts)
    .map((each) => each.join(""));
  fc.assert(
    fc.property(link, (text) => {
      const route = routeOfLink(text);
      expect(route === null || /^\/[a-z]*(\?[\w=&%.*+-]+)?$/.test(route)).toBe(true);
    }),
  );
});

it("finds the link among the arguments that a program is started with", () => {
  expect(linkAmong(["/usr/bin/switchgear", "--enable-features=x", "switchgear://policy"])).toBe("switchgear://policy");
  expect(linkAmong(["/usr/bin/switchgear", "/home/me/switchgear"])).toBeUndefined();
});
