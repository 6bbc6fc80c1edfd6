import type { PolicyQuestion } from "../shared/policy.ts";
import { DecisionCache } from "../electron/core/policy/decision-cache.ts";
import { evaluate } from "../electron/core/policy/evaluate.ts";
import { parsePolicy } from "../electron/core/policy/load.ts";
import { largePolicy } from "./policies.ts";
import { time, type Row } from "./report.ts";
import { spreadOf } from "./statistics.ts";

const decisionsPerRound = 2_000;

/** One decision over a thousand rules, for calls of tools from all over the file: as the policy in force decides, and of a tool that it meets first. */
export function measurePolicy(rounds: number): Row[] {
  const load = parsePolicy(largePolicy(), "bench.yaml");
  if (!load.ok) throw new Error(load.problems[0]?.message);
  const { policy } = load;
  const questions = Array.from({ length: 100 }, (_, index) => questionOf(index));
  const measure = (decide: (question: PolicyQuestion) => unknown) => {
    const round = () => {
      const startedAt = performance.now();
      for (let index = 0; index < decisionsPerRound; index += 1) decide(questions[index % questions.length]!);
      return (performance.now() - startedAt) / decisionsPerRound;
    };
    round();
    return time(spreadOf(Array.from({ length: rounds }, round)));
  };
  const inForce = new DecisionCache(policy);
  const rules = `${policy.ruleCount.toLocaleString("en")} rules`;
  return [
    {
      name: `policy: one decision, ${rules}`,
      measured: measure((question) => inForce.decide(question)),
      target: "≤ 20 µs",
    },
    { name: "  the first one of a tool", measured: measure((question) => evaluate(policy, question)) },
  ];
}

function questionOf(index: number): PolicyQuestion {
  return {
    server: `server${index % 80}`,
    tool: index % 3 === 0 ? "get_item" : `update_everything_${index}`,
    args: { path: `/srv/area${index}/file.txt`, limit: 10 },
    environment: "production",
    client: "bench",
    toolState: { definition: "accepted", hiddenCharacters: false },
  };
}
