import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CliFixture, labServer } from "./fixtures/cli-fixture.ts";

const call = (message: string) => ["call", "lab", "echo", "--args", JSON.stringify({ message })];

it("the log is listed, searched and exported", async () => {
  await using cli = new CliFixture({ "servers/lab.yaml": labServer });
  expect((await cli.run(call("hello Bergen"))).code).toBe(0);
  expect((await cli.run(call("hello Oslo"))).code).toBe(0);

  const listed = await cli.run(["log", "list", "--text", "bergen"]);
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining("lab.echo") });
  expect(listed.stdout.trim().split("\n")).toHaveLength(1);
  const all = await cli.run(["log", "list", "--json", "--since", "1h", "--outcome", "ok"]);
  expect(JSON.parse(all.stdout)).toMatchObject([{ tool: "echo" }, { tool: "echo" }]);

  const file = join(cli.folder, "calls.csv");
  expect(await cli.run(["log", "export", file])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("2 calls written"),
  });
  expect(readFileSync(file, "utf8").split("\n")[0]).toMatch(/^id,started,server,tool/);
  const exported = await cli.run(["log", "export", "--text", "oslo"]);
  expect(JSON.parse(exported.stdout)).toMatchObject({ tool: "echo", timeline: expect.any(Array) });
});

it("a moment that is none, and a file that cannot be written, are said in words", async () => {
  await using cli = new CliFixture();
  expect(await cli.run(["log", "list", "--since", "tomorrowish"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is no moment"),
  });
  expect(await cli.run(["log", "export", join(cli.folder, "calls.pdf")])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('".pdf" is no format'),
  });
  expect(await cli.run(["log", "export", join(cli.folder, "none", "calls.csv")])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("could not be written"),
  });
});
