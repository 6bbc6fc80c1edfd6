/** What the gateway shall reach, and whether it did. */
import { allMetrics, callMetrics, middle, restMetrics, type Measured, type Metric } from "./figures.ts";
import type { LibraryCost } from "./library.ts";
import type { Peer } from "./running-peer.ts";

/** `least`, `most`: of the ratio. */
export type Aim = {
  name: string;
  against: string;
  ratio: number;
  limit: number;
  bound: "least" | "most";
  ahead?: true;
};

export function isMet({ ratio, limit, bound, ahead }: Aim): boolean {
  if (ahead) return bound === "least" ? ratio > limit : ratio < limit;
  return bound === "least" ? ratio >= limit : ratio <= limit;
}

/** Ours against the best of the others, row by row; where nothing was measured, nothing is said. */
export function aimsAgainstRivals(
  client: { name: string; kind: "lean" | "sdk" },
  all: readonly Measured[],
  peers: readonly Peer[],
): Aim[] {
  const ours = all.find(({ id }) => id === "ours");
  const rivals = all.filter(({ id }) => peers.some((peer) => peer.id === id && peer.kind === "rival"));
  return allMetrics.flatMap((metric) => {
    const best = bestOf(rivals, metric);
    if (!ours || !best) return [];
    const limit = metric.aim?.[client.kind];
    const name = client.name ? `${metric.heading}, ${client.name}` : metric.heading;
    return [
      {
        ...{ name, against: best.name, ratio: ratioOf(ours, best, metric) },
        ...({ limit: limit ?? 1, bound: metric.better === "less" ? "most" : "least" } as const),
        ...(limit === undefined && { ahead: true as const }),
      },
    ].filter(({ ratio }) => !Number.isNaN(ratio));
  });
}

/** Sequential calls against those of a forwarder that does nothing else, and what the journal takes of the calls a second. */
export function aimsAgainstReferences(all: readonly Measured[]): Aim[] {
  const find = (id: string) => all.find((measured) => measured.id === id);
  const [ours, bare, unjournaled] = [find("ours"), find("bare"), find("unjournaled")];
  const metric = (id: string) => callMetrics.find((each) => each.id === id)!;
  const aims: Aim[] = [];
  const add = (against: Measured | undefined, id: string, aim: Pick<Aim, "limit" | "bound">) => {
    if (!ours || !against) return;
    const name = `${metric(id).heading}, lean client`;
    aims.push({ name, against: against.name, ratio: ratioOf(ours, against, metric(id)), ...aim });
  };
  add(bare, "p50", { limit: 1.5, bound: "most" });
  for (const id of ["calls-16", "calls-64"]) add(unjournaled, id, { limit: 0.9, bound: "least" });
  return aims.filter(({ ratio }) => !Number.isNaN(ratio));
}

/** The list of twenty servers against connecting to them directly. */
export function aimsOfStart(all: readonly Measured[]): Aim[] {
  const metric = restMetrics.startMany;
  const ours = all.find(({ id }) => id === "ours");
  return all
    .filter(({ id }) => id === "stdio" || id === "stdio-started")
    .map((direct) => ({
      ...{ name: metric.heading, against: direct.name, ratio: ours ? ratioOf(ours, direct, metric) : Number.NaN },
      ...{ limit: 1.15, bound: "most" as const },
    }))
    .filter(({ ratio }) => !Number.isNaN(ratio));
}

export function aimsOfLibrary({ p50, perSecond }: LibraryCost): Aim[] {
  const against = "the bare SDK client";
  return [
    { name: "library in process: p50, 1", against, ratio: p50.median, limit: 1, bound: "most" },
    { name: "library in process: calls/s, 64", against, ratio: perSecond.median, limit: 0.85, bound: "least" },
  ];
}

function bestOf(rivals: readonly Measured[], metric: Metric): Measured | undefined {
  const measured = rivals.filter((rival) => !Number.isNaN(middle(rival, metric)));
  const sign = metric.better === "less" ? 1 : -1;
  return measured.toSorted((a, b) => sign * (middle(a, metric) - middle(b, metric)))[0];
}

function ratioOf(ours: Measured, theirs: Measured, metric: Metric): number {
  return middle(ours, metric) / middle(theirs, metric);
}
