import type { PolicyDecision, PolicyQuestion } from "../../../shared/policy.ts";
import { dependsOnArguments, evaluate } from "./evaluate.ts";
import type { LoadedPolicy } from "./loaded-policy.ts";

/** Callers choose names, so what is remembered is bounded. */
const mostKept = 10_000;

/** Decides by one policy, and remembers what no argument can change. */
export class DecisionCache {
  readonly #policy: LoadedPolicy;
  /** `null` where the arguments matter, and each call is judged anew. */
  readonly #kept = new Map<string, Readonly<PolicyDecision> | null>();

  constructor(policy: LoadedPolicy) {
    this.#policy = policy;
  }

  decide(question: PolicyQuestion): PolicyDecision {
    const key = keyOf(question);
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const decision = evaluate(this.#policy, question);
    if (kept === undefined) {
      if (this.#kept.size >= mostKept) this.#kept.clear();
      this.#kept.set(key, dependsOnArguments(this.#policy, question) ? null : Object.freeze(decision));
    }
    return decision;
  }
}

/** Every part of the question but the arguments. Lengths keep the names apart, whatever characters are in them. */
function keyOf({ server, tool, environment, client, toolState }: PolicyQuestion): string {
  const { definition, hiddenCharacters } = toolState;
  const lengths = `${server.length} ${tool.length} ${environment.length} ${client.length}`;
  return `${lengths} ${definition} ${Number(hiddenCharacters)} ${server}${tool}${environment}${client}`;
}
