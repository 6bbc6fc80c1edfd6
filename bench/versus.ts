/** Measures two ways of doing the same in one run, in alternating blocks, so that what the machine does meanwhile hits both. */
import { percentile, spreadOf, type Spread } from "./statistics.ts";

export type Way = {
  run(): Promise<unknown>;
  /** Does what `run` has put off; counts in the throughput. */
  settle?(): Promise<void>;
};

export type Load = {
  /** Calls under way at a time. */
  concurrency: number;
  rounds: number;
  /** Blocks of each way in a round. */
  blocks: number;
  callsPerBlock: number;
};

export type Comparison = {
  /** Ours over bare, round by round. */
  p50Ratio: Spread;
  /** Time for the same number of calls, ours over bare; what was put off included. */
  timeRatio: Spread;
  /** Milliseconds. */
  ours: { p50: Spread; callsPerSecond: Spread };
  bare: { p50: Spread; callsPerSecond: Spread };
};

type Tally = { latencies: number[]; elapsedMs: number };

export async function compare(ours: Way, bare: Way, load: Load): Promise<Comparison> {
  // Until the compiler has settled.
  await round(ours, bare, load);
  const rounds = [];
  for (let index = 0; index < load.rounds; index += 1) rounds.push(await round(ours, bare, load));
  const calls = load.blocks * load.callsPerBlock;
  const p50 = ({ latencies }: Tally) => percentile(latencies, 0.5);
  const describe = (tallies: Tally[]) => ({
    p50: spreadOf(tallies.map(p50)),
    callsPerSecond: spreadOf(tallies.map(({ elapsedMs }) => (calls / elapsedMs) * 1000)),
  });
  return {
    p50Ratio: spreadOf(rounds.map((each) => p50(each.ours) / p50(each.bare))),
    timeRatio: spreadOf(rounds.map((each) => each.ours.elapsedMs / each.bare.elapsedMs)),
    ours: describe(rounds.map((each) => each.ours)),
    bare: describe(rounds.map((each) => each.bare)),
  };
}

async function round(ours: Way, bare: Way, load: Load): Promise<{ ours: Tally; bare: Tally }> {
  const tallies = { ours: { latencies: [], elapsedMs: 0 }, bare: { latencies: [], elapsedMs: 0 } };
  for (let index = 0; index < load.blocks; index += 1) {
    const order = index % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
    for (const name of order) await block(name === "ours" ? ours : bare, load, tallies[name]);
  }
  return tallies;
}

async function block(way: Way, { concurrency, callsPerBlock }: Load, tally: Tally): Promise<void> {
  let left = callsPerBlock;
  async function worker(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      await way.run();
      tally.latencies.push(performance.now() - startedAt);
    }
  }
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  await way.settle?.();
  tally.elapsedMs += performance.now() - startedAt;
}
