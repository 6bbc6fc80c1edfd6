import type { PolicyDecision, PolicyQuestion } from "../../../shared/policy.ts";
import { PreparedDecision } from "./evaluate.ts";
import type { LoadedPolicy } from "./loaded-policy.ts";

/** Callers choose names, so what is remembered is bounded. */
const mostKept = 2_000;

/** Decides by one policy, and remembers what no argument can change. */
export class DecisionCache {
  readonly #policy: LoadedPolicy;
  readonly #kept = new Map<string, PreparedDecision>();

  constructor(policy: LoadedPolicy) {
    this.#policy = policy;
  }

  decide(question: PolicyQuestion): PolicyDecision {
    return this.#prepared(question).decide(question.args);
  }

  /** Whether the decision could be another for other arguments. */
  dependsOnArguments(question: PolicyQuestion): boolean {
    return this.#prepared(question).dependsOnArguments;
  }

  #prepared(question: PolicyQuestion): PreparedDecision {
    const key = keyOf(question);
    let prepared = this.#kept.get(key);
    if (!prepared) {
      if (this.#kept.size >= mostKept) this.#kept.clear();
      this.#kept.set(key, (prepared = new PreparedDecision(this.#policy, question)));
    }
    return prepared;
  }
}

/** Every part of the question but the arguments. Lengths keep the names apart, whatever characters are in them. */
function keyOf({ server, tool, environment, client, toolState }: PolicyQuestion): string {
  const { definition, hiddenCharacters } = toolState;
  const lengths = `${server.length} ${tool.length} ${environment.length} ${client.length}`;
  return `${lengths} ${definition} ${Number(hiddenCharacters)} ${server}${tool}${environment}${client}`;
}
