import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Sample = { minutes: number; heapMb: number; rssMb: number };
/** Of the samples, from the end: what comes before is the compiler's and the caches' filling up. */
const judgedShare = 2 / 3;

/** How memory grows while something goes on, looked at after waste is collected. */
export class MemoryTrend {
  readonly #collect: () => void;
  readonly #startedAt = performance.now();
  readonly #samples: Sample[] = [];

  constructor() {
    setFlagsFromString("--expose-gc");
    this.#collect = runInNewContext("gc") as () => void;
  }

  look(): Sample {
    this.#collect();
    const { heapUsed, rss } = process.memoryUsage();
    return this.add({ heapMb: heapUsed / 1_048_576, rssMb: rss / 1_048_576 });
  }

  /** What another process holds now. */
  add(held: Omit<Sample, "minutes">): Sample {
    const sample = { minutes: (performance.now() - this.#startedAt) / 60_000, ...held };
    this.#samples.push(sample);
    return sample;
  }

  /** MB a minute, by least squares. */
  slope(of: "heapMb" | "rssMb"): number {
    const judged = this.#samples.slice(-Math.ceil(this.#samples.length * judgedShare));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const middle = mean(judged.map(({ minutes }) => minutes));
    const middleMb = mean(judged.map((sample) => sample[of]));
    const rise = judged.map((sample) => (sample.minutes - middle) * (sample[of] - middleMb));
    const run = judged.map(({ minutes }) => (minutes - middle) ** 2);
    return mean(rise) / mean(run);
  }
}
