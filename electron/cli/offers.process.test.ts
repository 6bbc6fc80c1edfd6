import { describe, expect, it } from "vitest";
import { CliFixture, labServer } from "./fixtures/cli-fixture.ts";

const everything = `id: everything
transport: stdio
command: \${node}
args: ["\${app}/node_modules/@modelcontextprotocol/server-everything/dist/index.js", stdio]
`;
const dead = "id: dead\ntransport: http\nurl: http://127.0.0.1:1/mcp\n";
const features = "demo://resource/static/document/features.md";

async function run(args: readonly string[], files: Record<string, string> = {}) {
  await using fixture = new CliFixture({ "servers/everything.yaml": everything, ...files });
  return await fixture.run(args);
}

describe("switchgear resources", () => {
  it("lists what can be read, templates too, and how the policy stands to it", async () => {
    const { code, stdout, stderr } = await run(["resources"], { "servers/lab.yaml": labServer });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^everything +demo:\/\/resource\/static\/document\/features\.md +ALWAYS +features\.md/m);
    expect(stdout).toMatch(/^everything +demo:\/\/resource\/dynamic\/text\/\{resourceId\} +ALWAYS/m);
  });

  it("prints JSON for programs, and ends with 6 where a server cannot be reached", async () => {
    const { code, stdout, stderr } = await run(["resources", "--json"], { "servers/dead.yaml": dead });
    expect(code).toBe(6);
    expect(stderr).toMatch(/^dead: /m);
    const { resources, templates } = JSON.parse(stdout) as { resources: object[]; templates: object[] };
    expect(resources).toContainEqual(expect.objectContaining({ server: "everything", uri: features }));
    expect(templates).toContainEqual(expect.objectContaining({ uriTemplate: expect.stringContaining("{resourceId}") }));
  });
});

describe("switchgear read", () => {
  it("prints a resource's text", async () => {
    const { code, stdout } = await run(["read", "everything", features]);
    expect(code).toBe(0);
    expect(stdout).toContain("# ");
  });

  it("ends with 3 where the policy refuses, and with 1 where the server has no such thing", async () => {
    const policy = 'default_permission: ALWAYS\ntools: { "*.resources/read": { permission: NEVER } }\n';
    const refused = await run(["read", "everything", features], { "policies/mcp_permissions.yaml": policy });
    expect(refused.code).toBe(3);
    expect((await run(["read", "everything", "demo://nowhere"])).code).toBe(1);
  });
});

describe("switchgear prompts", () => {
  it("lists the prompts with their arguments", async () => {
    const { code, stdout } = await run(["prompts", "everything"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^everything\.args-prompt +city \[state\] +ALWAYS/m);
  });
});

describe("switchgear prompt", () => {
  it("prints a prompt's messages", async () => {
    const { code, stdout } = await run(["prompt", "everything", "args-prompt", "--args", '{"city":"Lima"}']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^user: .*Lima/) });
  });

  it("asks where the policy requires approval, and takes --yes for it", async () => {
    const policy = { "policies/mcp_permissions.yaml": "default_permission: REQUIRE_APPROVAL\n" };
    const { code, stdout } = await run(["prompt", "everything", "simple-prompt", "--yes", "--json"], policy);
    expect(code).toBe(0);
    const { result } = JSON.parse(stdout) as { result: { messages: object[] } };
    expect(result.messages).toHaveLength(1);
  });

  it("takes text alone for its arguments", async () => {
    const { code, stderr } = await run(["prompt", "everything", "args-prompt", "--args", '{"city":5}']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('"city" is not text') });
  });
});
