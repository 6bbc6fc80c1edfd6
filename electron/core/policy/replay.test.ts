import { describe, expect, it } from "vitest";
import { policyOf } from "./policy-fixture.ts";
import { Replay, type LoggedCall } from "./replay.ts";

const draft = policyOf({
  tools: { "github.get_user": { permission: "ALWAYS" }, "github.delete_repo": { permission: "NEVER" } },
  context_rules: [
    {
      name: "small",
      condition: { tool: "stripe.charge", args_match: { usd: { less_than: 10 } } },
      permission: "ALWAYS",
    },
  ],
});
let number = 0;
const call = (name: string, rest: Partial<LoggedCall> = {}): LoggedCall => {
  const [server, tool] = name.split(".") as [string, string];
  number += 1;
  const was = { level: "REQUIRE_APPROVAL", rule: "default_permission" } as const;
  return {
    id: `${number}`,
    at: number,
    server,
    tool,
    client: "cursor",
    environment: "production",
    args: {},
    was,
    ...rest,
  };
};
const replay = (...calls: LoggedCall[]) => {
  const judge = new Replay(draft);
  for (const each of calls) judge.add(each);
  return judge.report();
};

describe("a replay", () => {
  it("tells what a draft decides otherwise, by tool and caller, most calls first", () => {
    number = 0;
    const calls = [
      call("github.delete_repo"),
      call("github.get_user"),
      call("github.get_user"),
      call("github.get_user", { client: "claude" }),
      call("files.read"),
    ];
    const report = replay(...calls);
    expect(report).toMatchObject({ calls: 5, same: 1, changed: 4, unjudged: 0, notByPolicy: 0 });
    expect(report.changes.map(({ tool, client, calls: n, becomes }) => [tool, client, n, becomes.level])).toEqual([
      ["get_user", "cursor", 2, "ALWAYS"],
      ["get_user", "claude", 1, "ALWAYS"],
      ["delete_repo", "cursor", 1, "NEVER"],
    ]);
    expect(report.changes[0]).toMatchObject({
      was: { level: "REQUIRE_APPROVAL", rule: "default_permission" },
      becomes: { rule: "tools github.get_user", line: expect.any(Number) },
      examples: ["3", "2"],
      lastAt: 3,
    });
  });

  it("keeps the five latest examples", () => {
    number = 0;
    const { changes } = replay(...Array.from({ length: 8 }, () => call("github.get_user")));
    expect(changes[0]?.examples).toEqual(["8", "7", "6", "5", "4"]);
  });

  it("judges by the arguments, and says where they were not kept and matter", () => {
    const charge = (args: LoggedCall["args"]) => call("stripe.charge", { args });
    expect(replay(charge({ usd: 5 }), charge({ usd: 50 }), charge(null))).toMatchObject({
      ...{ changed: 1, same: 1, unjudged: 1 },
    });
    expect(replay(call("github.get_user", { args: null }))).toMatchObject({ changed: 1, unjudged: 0 });
  });

  it("leaves out what no policy decided", () => {
    const by = (rule: string) => call("github.get_user", { was: { level: "NEVER", rule } });
    const never = [by("quarantine"), by("new definition"), by("server id"), call("github.get_user", { was: null })];
    expect(replay(...never)).toMatchObject({ calls: 4, notByPolicy: 4, changed: 0 });
  });

  it("decides hidden characters as the policy in force does", () => {
    const floor = { level: "REQUIRE_APPROVAL", rule: "hidden characters" } as const;
    expect(replay(call("github.get\u200b_user", { was: floor }))).toMatchObject({ same: 1 });
  });
});
