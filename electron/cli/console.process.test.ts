import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CliFixture, type RunningCli } from "./fixtures/cli-fixture.ts";

/** The address that logs a browser in, taken apart. */
function readAddress(text: string): { page: string; origin: string; token: string } {
  const [, page, token] = /(http:\/\/127\.0\.0\.1:\d+\/console\/)#login=(\S+)/.exec(text)!;
  return { page: page!, origin: new URL(page!).origin, token: token! };
}

async function served(fixture: CliFixture, ...args: string[]): Promise<RunningCli> {
  const running = fixture.start(["serve", "--ui", "--port", "0", ...args]);
  await running.printed("/console/#login=");
  return running;
}

function logIn({ page, origin, token }: ReturnType<typeof readAddress>): Promise<Response> {
  const headers = { "content-type": "application/json", origin };
  return fetch(`${page}login`, { method: "POST", headers, body: JSON.stringify({ token }) });
}

describe("switchgear serve --ui", { timeout: 60_000 }, () => {
  it("prints an address once, whose fragment logs one browser in, and keeps it out of its log", async () => {
    await using fixture = new CliFixture();
    fixture.useApp({ hasPage: true });
    const running = await served(fixture);
    const address = readAddress(running.stdout);
    expect(running.stdout.split("#login=")).toHaveLength(2);
    expect(running.stdout).toContain(`gateway at ${address.origin}/mcp`);
    expect(await (await fetch(address.page)).text()).toContain("<title>Switchgear</title>");
    expect((await logIn(address)).status).toBe(200);
    expect((await logIn(address)).status).toBe(401);
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining("sg_") });
    expect(fixture.logText()).toContain("A browser logged in.");
    expect(fixture.logText()).not.toContain(address.token.slice(0, 16));
  });

  it("tells programs where it is, by --json", async () => {
    await using fixture = new CliFixture();
    fixture.useApp({ hasPage: true });
    const running = await served(fixture, "--json");
    const lines = running.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { area: string; url: string });
    expect(lines.map(({ area }) => area)).toEqual(["gateway", "console"]);
    expect(lines[1]!.url).toContain("/console/#login=sg_");
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it("serves no page, and nothing at its address, unless it is asked to", async () => {
    await using fixture = new CliFixture();
    fixture.useApp({ hasPage: true });
    const running = fixture.start(["serve", "--port", "0"]);
    await running.printed("gateway at http://127.0.0.1:");
    const [, origin] = /gateway at (http:\/\/[^/]+)/.exec(running.stdout)!;
    expect((await fetch(`${origin}/console/`)).status).toBe(401);
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0, stdout: expect.not.stringContaining("console") });
  });

  it("ends with 2 and says so where its port is in use", async () => {
    await using fixture = new CliFixture();
    fixture.useApp({ hasPage: true });
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, stdout, stderr } = await fixture.run(["serve", "--ui", "--port", String(port)]);
    other.close();
    expect(code).toBe(2);
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is in use`);
    expect(stdout).not.toContain("#login=");
  });

  it("ends with 2 and says what to do where the page was not built", async () => {
    await using fixture = new CliFixture();
    fixture.useApp({ hasPage: false });
    const { code, stderr } = await fixture.run(["serve", "--ui", "--port", "0"]);
    expect(code).toBe(2);
    expect(stderr).toContain("npm run build");
  });

  it("prints an address for each further origin, of the command line and of the settings, and answers there", async () => {
    await using fixture = new CliFixture();
    fixture.useApp({ hasPage: true });
    mkdirSync(fixture.data, { recursive: true });
    const settings = { consoleOrigins: ["https://console.example"] };
    writeFileSync(join(fixture.data, "settings.json"), JSON.stringify(settings));
    const running = await served(fixture, "--ui-origin", "http://localhost:9000");
    await running.printed("http://localhost:9000/console/#login=");
    expect(running.stdout).toMatch(/console at https:\/\/console\.example\/console\/#login=/);
    const { stdout } = await fixture.run(["console"]);
    expect(stdout.trim().split("\n")).toHaveLength(3);
    const { page } = readAddress(running.stdout);
    const statusAs = async (host: string) => {
      const asked = request(page, { headers: { host } }).end();
      const [{ statusCode }] = (await once(asked, "response")) as [{ statusCode: number }];
      return statusCode;
    };
    expect(await statusAs("localhost:9000")).toBe(200);
    expect(await statusAs("localhost:9001")).toBe(403);
    running.child.kill("SIGTERM");
    await running.ended;
  });

  it.each([["*"], ["http://evil.test"], ["https://console.example/console/"]])(
    "takes no further origin %s, says so and ends with 2",
    async (origin) => {
      await using fixture = new CliFixture();
      fixture.useApp({ hasPage: true });
      const { code, stderr } = await fixture.run(["serve", "--ui", "--port", "0", "--ui-origin", origin]);
      expect(code).toBe(2);
      expect(stderr).toContain(`--ui-origin: ${JSON.stringify(origin)}`);
    },
  );

  it("says that a further origin is of no use without the console", async () => {
    await using fixture = new CliFixture();
    const { code, stderr } = await fixture.run(["serve", "--ui-origin", "http://127.0.0.1:9000"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Add --ui.");
  });

  it.each(["0", "-1", "soon", "20000"])("takes no idle time of %s minutes", async (minutes) => {
    await using fixture = new CliFixture();
    expect(await fixture.run(["serve", "--ui", "--idle", minutes])).toMatchObject({ code: 2 });
  });
});

describe("switchgear console", { timeout: 60_000 }, () => {
  it("prints another address to the console that another process serves", async () => {
    await using fixture = new CliFixture();
    fixture.useApp({ hasPage: true });
    const running = await served(fixture);
    const first = readAddress(running.stdout);
    const { code, stdout } = await fixture.run(["console"]);
    expect(code).toBe(0);
    const second = readAddress(stdout);
    expect(second.page).toBe(first.page);
    expect(second.token).not.toBe(first.token);
    for (const address of [second, first]) expect((await logIn(address)).status).toBe(200);
    expect((await logIn(second)).status).toBe(401);
    running.child.kill("SIGTERM");
    await running.ended;
  });

  it("ends with 2 and says so where none is served, and where the one that was has died", async () => {
    await using fixture = new CliFixture();
    fixture.useApp({ hasPage: true });
    expect(await fixture.run(["console"])).toMatchObject({ code: 2, stderr: expect.stringContaining("serve --ui") });
    const running = await served(fixture);
    running.child.kill("SIGKILL");
    await running.ended;
    expect(await fixture.run(["console"])).toMatchObject({ code: 2, stdout: "" });
  });
});
