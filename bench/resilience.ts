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
import type { Clock } from "../electron/core/ports.ts";
import { ratio, time, type Row } from "./report.ts";
import { spreadOf } from "./statistics.ts";

const callsPerBlock = 10_000;
const blocksPerRound = 8;
const attemptMs = 30_000;

type Way = () => Promise<unknown>;
type Pair = { ours: Way; theirs: Way };

const noop = async () => undefined;

/** @param rounds the middle one counts; in each, both ways take turns. */
export async function measureResilience(rounds: number): Promise<Row[]> {
  const clock = createSystemClock();
  using circuits = new Circuits({
    ...{ clock, logger: silentLogger, events: new CoreEvents(silentLogger) },
    onTransition: () => {},
  });
  circuits.configure("bench");
  return [
    ...(await compare("retry( circuit( no-op ))", "≤ 0.50 ×", rounds, guarded(clock, circuits))),
    ...(await compare("retry( circuit( deadline( no-op )))", "≤ 0.20 ×", rounds, bounded(clock, circuits))),
  ];
}

/** Both sides as a program sets them up, once, with the same settings. */
function guarded(clock: Clock, circuits: Circuits): Pair {
  const budget = new RetryBudgets(clock).for("bench");
  const circuit = circuits.for("bench", null);
  const call = { invocationId: null };
  const retrying = { clock, policy: defaultRetryPolicy, budget, deadlineAt: () => Infinity, isSafe: () => false };
  const theirs = wrap(cockatielRetry(handleAll, theirRetry), circuitBreaker(handleAll, theirCircuit()));
  return {
    ours: () => retry(retrying, () => circuit.execute(noop, call)),
    theirs: () => theirs.execute(noop),
  };
}

/** With what each call has of its own, as on its way through the core: its end, and a caller who may abort it. */
function bounded(clock: Clock, circuits: Circuits): Pair {
  const budgets = new RetryBudgets(clock);
  const { signal } = new AbortController();
  const policies = [cockatielRetry(handleAll, theirRetry), circuitBreaker(handleAll, theirCircuit())] as const;
  // The aggressive one ends a call at once, as ours does, whether it heeds its signal or not.
  const theirs = wrap(...policies, timeout(attemptMs, TimeoutStrategy.Aggressive));
  return {
    ours: () => {
      const maxAt = clock.now() + 2 * attemptMs;
      const limits = { clock, what: "bench", timeoutMs: attemptMs, maxAt, signal };
      const budget = budgets.for("bench");
      const retrying = {
        clock,
        policy: defaultRetryPolicy,
        budget,
        signal,
        deadlineAt: () => maxAt,
        isSafe: () => false,
      };
      return retry(retrying, () =>
        circuits.for("bench", null).execute(() => withDeadline(limits, noop), { invocationId: null }),
      );
    },
    theirs: () => theirs.execute(noop, signal),
  };
}

const theirRetry = { maxAttempts: 2, backoff: new ExponentialBackoff() };
const theirCircuit = () => ({ halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(5) });

async function compare(name: string, target: string, rounds: number, pair: Pair): Promise<Row[]> {
  const ways = { noop, ...pair };
  // Until the compiler has settled.
  await round(ways);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let index = 0; index < rounds; index += 1) {
    const took = await round(ways);
    ours.push(took.ours - took.noop);
    theirs.push(took.theirs - took.noop);
  }
  return [
    {
      name: `${name}: what it adds to a call, ours / cockatiel's`,
      measured: ratio(spreadOf(ours.map((ms, index) => ms / theirs[index]!))),
      target,
    },
    { name: "  ours, of the processor", measured: time(spreadOf(ours)) },
    { name: "  cockatiel's, of the processor", measured: time(spreadOf(theirs)) },
  ];
}

/** @returns the processor's time for a call, milliseconds: what other programs take does not count, collecting its own waste does. */
async function round(ways: Record<"noop" | "ours" | "theirs", Way>) {
  const took = { noop: 0, ours: 0, theirs: 0 };
  for (let block = 0; block < blocksPerRound; block += 1) {
    for (const name of ["noop", "ours", "theirs"] as const) {
      const run = ways[name];
      const before = process.cpuUsage();
      for (let call = 0; call < callsPerBlock; call += 1) await run();
      const { user, system } = process.cpuUsage(before);
      took[name] += (user + system) / 1000 / (callsPerBlock * blocksPerRound);
    }
  }
  return took;
}
