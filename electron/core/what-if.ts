/** Asks a draft of the policy instead of the one in force; nothing is sent, and nothing changes. */

import type { LevelTable } from "../../shared/level-table.ts";
import type { PolicyDecision, PolicyProblem, PolicyQuestion } from "../../shared/policy.ts";
import type { ReplayReport } from "../../shared/replay.ts";
import { policyQuestion } from "./ask-policy.ts";
import type { Journal } from "./journal/journal.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import { evaluate } from "./policy/evaluate.ts";
import { levelTable } from "./policy/level-table.ts";
import { parsePolicy, readPolicy } from "./policy/load.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import { Replay } from "./policy/replay.ts";
import type { Clock } from "./ports.ts";
import { mask } from "./secrets/redact.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { SettingsStore } from "./settings-store.ts";

type Parts = {
  clock: Clock;
  journal: Journal;
  policy: PolicyStore;
  pins: ToolPins;
  servers: ServerManager;
  settings: SettingsStore;
};
type Asked = Omit<PolicyQuestion, "toolState">;

/** How a draft is called where its problems are told. */
const draftName = "draft";

export class WhatIf {
  #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * What a draft would have made of the calls that began in [`from`, `to`], wall-clock milliseconds.
   * @throws MCPClientError `journal_unavailable`
   */
  async replay(draft: string, from: number, to: number): Promise<ReplayReport> {
    const { clock, journal } = this.#parts;
    const load = parsePolicy(draft, draftName);
    if (!load.ok) return load;
    const startedAt = clock.now();
    const replay = new Replay(load.policy);
    for await (const page of journal.withArguments(from, to)) {
      for (const { startedAt: at, level, rule, args, ...call } of page) {
        replay.add({ ...call, at, args: wholeArguments(args), was: level && rule !== null ? { level, rule } : null });
      }
    }
    return { ok: true, ...replay.report(), tookMs: clock.now() - startedAt };
  }

  /** What is wrong with a draft; nothing where it is valid. */
  check(draft: string): PolicyProblem[] {
    const load = parsePolicy(draft, draftName);
    return load.ok ? [] : load.problems;
  }

  /** What a draft, or for `null` the policy in force, says of every known tool in each environment, before arguments are known. */
  levels(draft: string | null, client: string): LevelTable | { ok: false; problems: PolicyProblem[] } {
    const { policy, pins, servers, settings } = this.#parts;
    const { file } = policy.current();
    const load = draft === null ? readPolicy(file) : parsePolicy(draft, draftName);
    if (!load.ok) return { ok: false, problems: load.problems };
    const tools = servers.tools().map(({ server, tool }) => {
      const asked = { server, tool: tool.name, args: {}, client };
      return policyQuestion(asked, settings.environment, pins.standing(server, tool.name, tool));
    });
    return levelTable(load.policy, tools, { file, environment: settings.environment });
  }

  /** What a draft says of one call, or for `null` the policy in force, the tool being in the state that it is in now. */
  explain(
    draft: string | null,
    { environment, ...call }: Asked,
  ): { ok: true; decision: PolicyDecision } | { ok: false; problems: PolicyProblem[] } {
    const { policy, pins, servers } = this.#parts;
    const load = draft === null ? readPolicy(policy.current().file) : parsePolicy(draft, draftName);
    if (!load.ok) return { ok: false, problems: load.problems };
    const standing = pins.standing(call.server, call.tool, servers.tool(call.server, call.tool));
    return { ok: true, decision: evaluate(load.policy, policyQuestion(call, environment, standing)) };
  }
}

/** `null` where they were not kept, or not as they were. */
function wholeArguments(json: string | null): PolicyQuestion["args"] | null {
  if (json === null || json.includes(mask)) return null;
  const args: unknown = JSON.parse(json);
  return typeof args === "object" && args !== null && !Array.isArray(args) ? (args as PolicyQuestion["args"]) : null;
}
