/** What retry, circuit breaker and deadline cost a call that succeeds at once, ours and cockatiel's. */
import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  retry as cockatielRetry,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";
import { createSystemClock } from "../electron/core/clock.ts";
import { CoreEvents } from "../electron/core/events.ts";
import { silentLogger } from "../electron/core/logger.ts";
import { defaultRetryPolicy } from "../electron/core/resilience/backoff.ts";
import { Circuits } from "../electron/core/resilience/circuits.ts";
import { withDeadline } from "../electron/core/resilience/deadline.ts";
import { RetryBudgets } from "../electron/core/resilience/retry-budgets.ts";
import { retry } from "../electron/core/resilience/retry.ts";
import { ratio, time, type Row } from "./report.ts";
import { spreadOf } from "./statistics.ts";

const callsPerBlock = 2_000;
const blocksPerRound = 20;
const attemptMs = 30_000;

type Way = () => Promise<unknown>;

const noop = async () => undefined;

/** @param rounds the middle one counts; in each, all ways take turns, so that what the machine does meanwhile hits all of them. */
export async function measureResilience(rounds: number): Promise<Row[]> {
  using ours = ourWays();
  const ways = { noop, ...cockatielWays(), guarded: ours.guarded, bounded: ours.bounded };
  const added: Record<"guarded" | "bounded" | "cockatielGuarded" | "cockatielBounded", number[]> = {
    ...{ guarded: [], bounded: [], cockatielGuarded: [], cockatielBounded: [] },
  };
  // One more than counts: until the compiler has settled.
  for (let index = 0; index <= rounds; index += 1) {
    const took = await round(ways);
    if (index === 0) continue;
    for (const [name, each] of Object.entries(added)) each.push(took[name as keyof typeof added] - took.noop);
  }
  const against = (ours: number[], theirs: number[]) => spreadOf(ours.map((ms, index) => ms / theirs[index]!));
  return [
    {
      name: "retry( circuit( no-op )): what it adds, ours / cockatiel's",
      measured: ratio(against(added.guarded, added.cockatielGuarded)),
      target: "≤ 0.50 ×",
    },
    { name: "  ours", measured: time(spreadOf(added.guarded)) },
    { name: "  cockatiel's", measured: time(spreadOf(added.cockatielGuarded)) },
    {
      name: "retry( circuit( deadline( no-op ))): what it adds, ours / cockatiel's with its timeout",
      measured: ratio(against(added.bounded, added.cockatielBounded)),
      target: "≤ 0.20 ×",
    },
    { name: "  ours", measured: time(spreadOf(added.bounded)) },
    { name: "  cockatiel's", measured: time(spreadOf(added.cockatielBounded)) },
  ];
}

/** As a call takes them on its way, with a caller who may abort it. */
function ourWays(): { guarded: Way; bounded: Way } & Disposable {
  const clock = createSystemClock();
  const circuits = new Circuits({
    ...{ clock, logger: silentLogger, events: new CoreEvents(silentLogger) },
    onTransition: () => {},
  });
  circuits.configure("bench");
  const budgets = new RetryBudgets(clock);
  const { signal } = new AbortController();
  const isSafe = () => false;
  const tried = (deadlineAt: number, run: Way) =>
    retry({ clock, policy: defaultRetryPolicy, budget: budgets.for("bench"), signal, deadlineAt, isSafe }, () =>
      circuits.for("bench", null).execute(run, { invocationId: null }),
    );
  return {
    guarded: () => tried(clock.now() + 2 * attemptMs, noop),
    bounded: () => {
      const maxAt = clock.now() + 2 * attemptMs;
      return tried(maxAt, () => withDeadline({ clock, what: "bench", timeoutMs: attemptMs, maxAt, signal }, noop));
    },
    [Symbol.dispose]: () => circuits[Symbol.dispose](),
  };
}

/** The same settings. Its aggressive timeout is the one that ends a call at once, as ours does. */
function cockatielWays(): { cockatielGuarded: Way; cockatielBounded: Way } {
  const retrying = () => cockatielRetry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() });
  const circuit = () =>
    circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(5) });
  const guarded = wrap(retrying(), circuit());
  const bounded = wrap(retrying(), circuit(), timeout(attemptMs, TimeoutStrategy.Aggressive));
  const { signal } = new AbortController();
  return { cockatielGuarded: () => guarded.execute(noop, signal), cockatielBounded: () => bounded.execute(noop, signal) };
}

/** @returns what a call takes of the processor, waste collection included, milliseconds: other programs do not count. */
async function round<Name extends string>(ways: Record<Name, Way>): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[];
  const took = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  for (let index = 0; index < blocksPerRound; index += 1) {
    for (const name of names) {
      const run: Way = ways[name];
      const before = process.cpuUsage();
      for (let call = 0; call < callsPerBlock; call += 1) await run();
      const { user, system } = process.cpuUsage(before);
      took[name] += (user + system) / 1000 / (callsPerBlock * blocksPerRound);
    }
  }
  return took;
}
