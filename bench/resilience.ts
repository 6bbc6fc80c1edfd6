import { createSystemClock } from "../electron/core/clock.ts";
import { CoreEvents } from "../electron/core/events.ts";
import { silentLogger } from "../electron/core/logger.ts";
import { defaultRetryPolicy } from "../electron/core/resilience/backoff.ts";
import { Circuits } from "../electron/core/resilience/circuits.ts";
import { withDeadline } from "../electron/core/resilience/deadline.ts";
import { RetryBudgets } from "../electron/core/resilience/retry-budgets.ts";
import { retry } from "../electron/core/resilience/retry.ts";
import { time, type Row } from "./report.ts";
import { spreadOf } from "./statistics.ts";

const callsPerRound = 20_000;

/** What retry, circuit breaker and deadline cost a call that succeeds at once. */
export async function measureResilience(rounds: number): Promise<Row[]> {
  const clock = createSystemClock();
  const circuits = new Circuits({
    ...{ clock, logger: silentLogger, events: new CoreEvents(silentLogger) },
    onTransition: () => {},
  });
  circuits.configure("bench");
  const budgets = new RetryBudgets(clock);
  const { signal } = new AbortController();
  const noop = async () => undefined;
  const guarded = () => {
    const deadlineAt = clock.now() + 60_000;
    const limits = { clock, what: "bench", timeoutMs: 30_000, maxAt: deadlineAt, signal };
    const budget = budgets.for("bench");
    return retry({ clock, policy: defaultRetryPolicy, budget, signal, deadlineAt, isSafe: () => false }, () =>
      circuits.for("bench", null).execute(() => withDeadline(limits, noop), { invocationId: null }),
    );
  };
  const round = async (run: () => Promise<unknown>) => {
    const startedAt = performance.now();
    for (let index = 0; index < callsPerRound; index += 1) await run();
    return (performance.now() - startedAt) / callsPerRound;
  };
  const added: number[] = [];
  for (let index = 0; index <= rounds; index += 1) added.push((await round(guarded)) - (await round(noop)));
  circuits[Symbol.dispose]();
  return [
    { name: "retry( circuit( deadline( no-op ))): what it adds to a call", measured: time(spreadOf(added.slice(1))) },
  ];
}
