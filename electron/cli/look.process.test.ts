import { describe, expect, it } from "vitest";
import { RedisServer } from "../core/resilience/fixtures/redis-server.ts";
import { CliFixture, labServer, plainServer } from "./fixtures/cli-fixture.ts";

const dead = "id: dead\ntransport: http\nurl: http://127.0.0.1:1/mcp\n";
const bad = "id: bad\ntransport: carrier-pigeon\n";
const fleet = { "servers/lab.yaml": labServer, "servers/plain.yaml": plainServer };

async function run(files: Record<string, string>, args: readonly string[], env?: Record<string, string>) {
  await using fixture = new CliFixture(files);
  return await fixture.run(args, env);
}

describe("switchgear servers", () => {
  it("connects to each and tells how it stands", async () => {
    const off = { "servers/off.yaml": `${dead.replace("dead", "off")}enabled: false\n` };
    const { code, stdout, stderr } = await run({ ...fleet, ...off }, ["servers"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^lab +http +ready \(.+\) +\d+ tools/m);
    expect(stdout).toMatch(/^plain +stdio +ready \(.+\) +\d+ tools/m);
    expect(stdout).toMatch(/^off +http +disabled/m);
  });

  it("ends with 6 where one cannot be reached, and shows the others all the same", async () => {
    const { code, stdout } = await run({ ...fleet, "servers/dead.yaml": dead }, ["servers"]);
    expect(code).toBe(6);
    expect(stdout).toMatch(/^dead +http +failed: /m);
    expect(stdout).toMatch(/^lab +http +ready/m);
  });

  it("ends with 2 where a server's file is wrong, with its place", async () => {
    const { code, stdout, stderr } = await run({ ...fleet, "servers/bad.yaml": bad }, ["servers"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/servers\/bad\.yaml:2:\d+: /);
    expect(stdout).toMatch(/^lab +http +ready/m);
  });

  it("says so where there is none", async () => {
    const { code, stdout, stderr } = await run({}, ["servers"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("No server is configured. Add a file to ");
  });

  it("ends with 3 while the master switch is off, and connects to nothing", async () => {
    const { code, stderr } = await run(fleet, ["servers"], { MAGSAG_MCP_ENABLED: "false" });
    expect(code).toBe(3);
    expect(stderr).toContain("MAGSAG_MCP_ENABLED=true");
  });

  it("says that the circuits are shared where SWITCHGEAR_REDIS_URL is set, or why they are not", async () => {
    await using redis = await RedisServer.start("--requirepass", "correct-horse");
    const withPassword = (password: string) => ({ SWITCHGEAR_REDIS_URL: redis.url.replace("//", `//:${password}@`) });
    const shared = await run(fleet, ["servers"], withPassword("correct-horse"));
    expect(shared).toMatchObject({ code: 0, stdout: expect.stringMatching(/^lab +http +ready/m) });
    expect(shared.stderr).toBe(`Circuits are shared by 1 instance, over 127.0.0.1:${redis.port}.\n`);
    const alone = await run(fleet, ["servers"], withPassword("battery-staple"));
    expect(alone).toMatchObject({ code: 0, stdout: expect.stringMatching(/^lab +http +ready/m) });
    expect(alone.stderr).toMatch(/^Circuits are not shared: .*WRONGPASS(?!.*staple)/);
  });

  it("prints JSON", async () => {
    const { stdout } = await run(fleet, ["servers", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([
      { id: "lab", connection: { kind: "ready" } },
      { id: "plain", connection: { kind: "ready" } },
    ]);
  });

  it("stops connecting when it is interrupted", async () => {
    const silent = plainServer.replace("${node}", "sleep").replace(/args:.*/, "args: ['60']");
    await using fixture = new CliFixture({ "servers/plain.yaml": silent, "servers/bad.yaml": bad });
    const running = fixture.start(["servers"]);
    // It is told right before connecting begins.
    await running.printed("bad.yaml");
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130, stdout: "" });
  });
});

describe("switchgear tools", () => {
  const policy = "default_permission: ALWAYS\ntools: { lab.wipe: { permission: NEVER } }\n";
  const judged = { ...fleet, "policies/mcp_permissions.yaml": policy };

  it("lists the tools of every server, each with its permission", async () => {
    const { code, stdout } = await run(judged, ["tools"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^lab\.wipe +NEVER +5 s +Pretends to delete everything/m);
    expect(stdout).toMatch(/^plain\.echo +ALWAYS +\d+ s$/m);
  });

  it("lists those of one server, whatever is wrong with the others", async () => {
    const { code, stdout } = await run({ ...judged, "servers/dead.yaml": dead }, ["tools", "plain"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("lab.");
  });

  it("ends with 6 where a server cannot be reached, and lists the others", async () => {
    const { code, stdout, stderr } = await run({ ...judged, "servers/dead.yaml": dead }, ["tools"]);
    expect(code).toBe(6);
    expect(stdout).toContain("lab.wipe");
    expect(stderr).toMatch(/^dead: /m);
  });

  it("ends with 2 for a server that does not exist", async () => {
    expect(await run(fleet, ["tools", "nowhere"])).toMatchObject({ code: 2, stdout: "" });
  });

  it("prints JSON, an error too", async () => {
    const listed = await run(judged, ["tools", "lab", "--json"]);
    expect(JSON.parse(listed.stdout)).toContainEqual(expect.objectContaining({ server: "lab", name: "wipe" }));
    const failed = await run({ "servers/dead.yaml": dead }, ["tools", "dead", "--json"]);
    expect(failed.code).toBe(6);
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: "connection_failed" } });
  });

  it("ends quietly where nobody reads its output", async () => {
    await using fixture = new CliFixture(judged);
    const running = fixture.start(["tools"]);
    running.child.stdout!.destroy();
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("switchgear policy explain", () => {
  const policy = `default_permission: REQUIRE_APPROVAL
tools:
  github.get_user: { permission: ALWAYS }
environments:
  development: { overrides: { github.merge_pr: ALWAYS } }
context_rules:
  - { name: small, condition: { args_match: { amount: { less_than: 10 } } }, permission: ALWAYS }
`;
  const files = { "policies/mcp_permissions.yaml": policy };

  it("tells the decision, the line that made it, and every step", async () => {
    const { code, stdout, stderr } = await run(files, ["policy", "explain", "github", "get_user"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^github\.get_user in production: ALWAYS\ndecided by tools github\.get_user \(.*:3\)$/m);
    expect(stdout).toMatch(/^ +line 1 +default_permission/m);
  });

  it("judges by the arguments, and by another environment", async () => {
    const small = await run(files, ["policy", "explain", "stripe", "charge", "--args", '{"amount":5}']);
    expect(small.stdout).toContain("stripe.charge in production: ALWAYS");
    const merge = ["policy", "explain", "github", "merge_pr"];
    expect((await run(files, merge)).stdout).toContain("in production: REQUIRE_APPROVAL");
    expect((await run(files, [...merge, "--env", "development"])).stdout).toContain("in development: ALWAYS");
  });

  it("says so where the environment is one that the file does not name", async () => {
    const { code, stderr } = await run(files, ["policy", "explain", "github", "get_user", "--env", "prodction"]);
    expect(code).toBe(0);
    expect(stderr).toContain('names no environment "prodction"; it names: development.');
  });

  it("judges by another file, and ends with 2 and the line and column where that is wrong", async () => {
    await using fixture = new CliFixture(files);
    fixture.write("draft.yaml", "default_permission: NEVER\n");
    const draft = ["policy", "explain", "github", "get_user", "--policy", fixture.path("draft.yaml")];
    expect((await fixture.run(draft)).stdout).toContain("in production: NEVER");

    fixture.write("draft.yaml", "default_permission: NEVER\ntools:\n  github.get_user: { permission: MAYBE }\n");
    const { code, stdout, stderr } = await fixture.run(draft);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`${fixture.path("draft.yaml")}:3:34: `);

    const json = await fixture.run([...draft, "--json"]);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ problems: [{ line: 3, column: 34 }] });
  });

  it("ends with 2 where there is no such file", async () => {
    const { code, stderr } = await run(files, ["policy", "explain", "a", "b", "--policy", "/nowhere.yaml"]);
    expect(code).toBe(2);
    expect(stderr).toContain("/nowhere.yaml: the file does not exist");
  });

  it("prints JSON", async () => {
    const { code, stdout } = await run(files, ["policy", "explain", "github", "get_user", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      environment: "production",
      decision: { level: "ALWAYS", line: 3, trace: expect.any(Array) as unknown[] },
    });
  });
});

describe("switchgear", () => {
  it.each([
    ["a command that does not exist", ["frobnicate"]],
    ["an option that does not exist", ["servers", "--all"]],
    ["half a command", ["policy"]],
    ["nothing", []],
  ])("ends with 2 for %s, and tells where help is", async (_, args) => {
    const { code, stdout, stderr } = await run({}, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/Usage: switchgear|switchgear --help/);
  });

  it("explains itself: its commands in groups, examples, variables and exit codes", async () => {
    const { code, stdout } = await run({}, ["--help"]);
    expect(code).toBe(0);
    const headings = [...stdout.matchAll(/^(\S.*:)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      ...["Options:", "Look:", "Call:", "Decide:", "Set up:", "Let others call:", "Help:"],
      ...["Examples:", "Environment:", "Exit codes:"],
    ]);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("explains a command with an example, and leaves defaults unsaid that say nothing", async () => {
    const { stdout } = await run({}, ["serve", "--help"]);
    expect(stdout).toContain("Examples:\n  switchgear serve\n");
    expect(stdout).toContain("(default: 60)");
    expect(stdout).not.toMatch(/default: (false|\[\])/);
  });

  it("says where its catalog is when it makes one, and is silent about it from then on", async () => {
    await using fixture = new CliFixture();
    const fresh = ["pins", "list", "--catalog", fixture.path("fresh")];
    expect((await fixture.run(fresh)).stderr).toContain(`was made in ${fixture.path("fresh")}.`);
    expect((await fixture.run(fresh)).stderr).not.toContain("was made in");
  });

  it.each([
    ["a data folder that cannot be made", ["pins", "list"], { SWITCHGEAR_DATA: "FILE/data" }, "SWITCHGEAR_DATA"],
    ["a catalog that cannot be made", ["pins", "list", "--catalog", "FILE/catalog"], {}, "--catalog"],
    ["a file that cannot be written", ["audit", "export", "FILE/chain.jsonl"], {}, "Choose another folder"],
    ["a file that does not exist", ["policy", "test", "FILE.yaml"], {}, "does not exist.\nName another file."],
    ["a server that does not exist", ["pins", "accept", "nosuch", "--all", "--why", "x"], {}, 'the id "nosuch"'],
  ])("ends with 2 for %s, and says what to do", async (_, args, env, words) => {
    await using fixture = new CliFixture({ file: "in the way" });
    const placed = (text: string) => text.replace("FILE", fixture.path("file"));
    const placedEnv = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, placed(value)]));
    const { code, stdout, stderr } = await fixture.run(args.map(placed), placedEnv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("Something in Switchgear failed");
  });

  it("explains what would hold for a server that there is not, and says that there is none", async () => {
    const { code, stdout, stderr } = await run(fleet, ["policy", "explain", "lap", "echo"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("lap.echo in production") });
    expect(stderr).toBe('No server in the catalog has the id "lap"; this is what would hold for one.\n');
    expect((await run(fleet, ["policy", "explain", "lab", "echo"])).stderr).toBe("");
  });

  it("takes the catalog from the command line before all else", async () => {
    await using fixture = new CliFixture({ "other/policies/mcp_permissions.yaml": "default_permission: NEVER\n" });
    const { stdout } = await fixture.run(["policy", "explain", "a", "b", "--catalog", fixture.path("other")]);
    expect(stdout).toContain("in production: NEVER");
  });
});
