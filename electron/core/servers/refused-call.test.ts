import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CoreFixture } from "../fixtures/core-fixture.ts";

let fixture: CoreFixture;

const parked = `
id: parked
transport: http
url: http://127.0.0.1:1/mcp
headers: { Authorization: Bearer env://NOT_SET }
`;

beforeEach(async () => {
  fixture = await CoreFixture.open({ "servers/parked.yaml": parked });
});

afterEach(() => fixture[Symbol.asyncDispose]());

/** Calls twice as often as the circuit would bear failures. */
async function callOften(server: string) {
  const reports = [];
  for (let call = 0; call < 10; call++) reports.push(await fixture.call("echo", { message: "x" }, { server }));
  return reports;
}

describe("a call to a server that waits for a person", () => {
  it("is refused at once where it was disconnected by hand, and its circuit stays as it is", async () => {
    await fixture.core.servers.connect("lab");
    await fixture.core.servers.disconnect("lab");
    for (const { invocation, error } of await callOften("lab")) {
      expect(invocation.outcome).toBe("refused");
      expect(error).toMatchObject({ code: "connection_failed", hint: expect.stringContaining("on the Panel") });
      expect(invocation.attempts).toBe(1);
    }
    expect(fixture.core.circuits.view("lab", null).state).toEqual({ kind: "closed", failures: 0 });
  });

  it("is refused where it is parked, and its circuit stays as it is", async () => {
    await expect(fixture.core.servers.connect("parked")).rejects.toMatchObject({ code: "config_invalid" });
    expect(fixture.core.servers.connection("parked").state.kind).toBe("parked");
    for (const { invocation, error } of await callOften("parked")) {
      expect(invocation.outcome).toBe("refused");
      expect(error).toMatchObject({ code: "config_invalid", message: expect.stringContaining("NOT_SET") });
    }
    expect(fixture.core.circuits.view("parked", null).state).toEqual({ kind: "closed", failures: 0 });
  });
});
