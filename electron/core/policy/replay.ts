/** What another policy would have decided of calls that were decided already. */

import { hasHiddenCharacters, type PermissionLevel, type PolicyQuestion } from "../../../shared/policy.ts";
import type { ReplayChange } from "../../../shared/replay.ts";
import { DecisionCache } from "./decision-cache.ts";
import { stateFloorNames } from "./evaluate.ts";
import type { LoadedPolicy } from "./loaded-policy.ts";

/** A call as the journal has it. */
export type LoggedCall = Pick<PolicyQuestion, "server" | "tool" | "client" | "environment"> & {
  id: string;
  /** Wall-clock milliseconds. */
  at: number;
  /** `null` where they were not kept whole. */
  args: PolicyQuestion["args"] | null;
  /** `null` where the call never came to a decision. */
  was: { level: PermissionLevel; rule: string } | null;
};

type Counts = { calls: number; same: number; changed: number; unjudged: number; notByPolicy: number };

const mostExamples = 5;

/** Takes logged calls, oldest first, and tells them apart by what a draft makes of them. */
export class Replay {
  readonly #draft: DecisionCache;
  readonly #changes = new Map<string, ReplayChange>();
  readonly #counts: Counts = { calls: 0, same: 0, changed: 0, unjudged: 0, notByPolicy: 0 };

  constructor(draft: LoadedPolicy) {
    this.#draft = new DecisionCache(draft);
  }

  add(call: LoggedCall): void {
    this.#counts.calls += 1;
    this.#counts[this.#judge(call)] += 1;
  }

  /** The changes that most calls make come first. */
  report(): Counts & { changes: ReplayChange[] } {
    const changes = [...this.#changes.values()].toSorted((a, b) => b.calls - a.calls || b.lastAt - a.lastAt);
    return { ...this.#counts, changes };
  }

  #judge({ id, at, args, was, ...call }: LoggedCall): Exclude<keyof Counts, "calls"> {
    if (!was || stateFloorNames.has(was.rule)) return "notByPolicy";
    // What its definition was worth then is not known; where that decided, no policy did.
    const toolState = { definition: "accepted", hiddenCharacters: hasHiddenCharacters(call.tool) } as const;
    const question = { ...call, args: args ?? {}, toolState };
    if (!args && this.#draft.dependsOnArguments(question)) return "unjudged";
    const { level, rule, line } = this.#draft.decide(question);
    if (level === was.level) return "same";
    this.#count(call, was, { level, rule, line }, id, at);
    return "changed";
  }

  #count(
    call: Pick<ReplayChange, "server" | "tool" | "client" | "environment">,
    was: ReplayChange["was"],
    becomes: ReplayChange["becomes"],
    id: string,
    at: number,
  ): void {
    const key = JSON.stringify([call, was, becomes]);
    let change = this.#changes.get(key);
    if (!change) this.#changes.set(key, (change = { ...call, was, becomes, calls: 0, lastAt: at, examples: [] }));
    change.calls += 1;
    change.lastAt = at;
    change.examples = [id, ...change.examples.slice(0, mostExamples - 1)];
  }
}
