import type { PolicyQuestion } from "../shared/policy.ts";
import { evaluate } from "../electron/core/policy/evaluate.ts";
import { parsePolicy } from "../electron/core/policy/load.ts";
import { largePolicy } from "./policies.ts";
import { time, type Row } from "./report.ts";
import { spreadOf } from "./statistics.ts";

const decisionsPerRound = 2_000;

/** One decision over a thousand rules, for calls of tools from all over the file. */
export function measurePolicy(rounds: number): Row[] {
  const load = parsePolicy(largePolicy(), "bench.yaml");
  if (!load.ok) throw new Error(load.problems[0]?.message);
  const { policy } = load;
  const questions = Array.from({ length: 100 }, (_, index) => questionOf(index));
  const round = () => {
    const startedAt = performance.now();
    for (let index = 0; index < decisionsPerRound; index += 1) evaluate(policy, questions[index % questions.length]!);
    return (performance.now() - startedAt) / decisionsPerRound;
  };
  round();
  const spread = spreadOf(Array.from({ length: rounds }, round));
  return [{ name: `policy: one decision, ${policy.ruleCount.toLocaleString("en")} rules`, measured: time(spread) }];
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
