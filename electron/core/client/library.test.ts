import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Consumer } from "./fixtures/consumer.ts";

let consumer: Consumer;
beforeAll(async () => void (consumer = await Consumer.install()), 300_000);
afterAll(() => consumer[Symbol.dispose]());

const ok = (stdout: string) => ({ code: 0, stdout, stderr: "" });

describe("the package, installed in a program of its own", () => {
  const examples = ["call-a-tool.mjs", "many-servers.mjs", "when-it-fails.mjs", "with-policy.mjs", "decorators.ts"];

  it("has types that the examples compile with, checked whole", { timeout: 60_000 }, async () => {
    expect(await consumer.compile(examples.map((name) => `examples/${name}`))).toEqual(ok(""));
  });

  it("runs examples/call-a-tool", async () => {
    const { code, stdout, stderr } = await consumer.run("examples/call-a-tool.mjs");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/health: true[^]*sum: .*[^]*5[^]*progress: 3 of 3[^]*circuit: closed/);
  });

  it("runs examples/many-servers", async () => {
    const { code, stdout, stderr } = await consumer.run("examples/many-servers.mjs");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/servers: elsewhere, everything[^]*hello[^]*connection_failed: the others go on/);
  });

  it("runs examples/when-it-fails, and does not end in the pause between two attempts", async () => {
    expect(await consumer.run("examples/when-it-fails.mjs")).toEqual(
      ok(
        "call 1: connection_failed, sent: false\ncall 2: connection_failed, sent: false\n" +
          "call 3: circuit_open, try again in 30 s\ncircuit: open\nafter the reset: closed\n",
      ),
    );
  });

  it("runs examples/with-policy", async () => {
    const { code, stdout, stderr } = await consumer.run("examples/with-policy.mjs");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/allowed: [^]*hello[^]*refused: policy_denied\napproved: [^]*5/);
  });

  it("runs examples/decorators: a method and a function, cached, with credentials", async () => {
    expect(await consumer.run("built/decorators.js")).toEqual(
      ok("sums: 5, 5, 5; calls: 1\necho: Echo: hello\nthe process has the token: true\n"),
    );
  });
});
