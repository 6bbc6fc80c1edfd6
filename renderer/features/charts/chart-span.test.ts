import { expect, it } from "vitest";
import { chartBounds, chartRows, chartSpanNames, chartTotals, formatShare } from "./chart-span.ts";

it("asks for whole buckets, the one that is filling the last, and never for more than the journal counts", () => {
  for (const span of chartSpanNames) {
    const { from, to, buckets } = chartBounds(span, 1_800_000_000_123);
    expect(to).toBeGreaterThan(1_800_000_000_123);
    expect(buckets).toBeLessThanOrEqual(120);
    expect((to - from) / buckets).toBe(chartBounds(span, 1_800_000_000_124).to - to + (to - from) / buckets);
  }
});

it("judges only what could have succeeded", () => {
  const chart = {
    ...{ from: 60_000, stepMs: 1000, ok: [3, 0, 0], failed: [1, 0, 2], stopped: [4, 1, 0] },
    ...{ p50Ms: [1, null, null], p95Ms: [2, null, null], p99Ms: [3, null, null], tools: [], otherTools: 0 },
  };
  expect(chartRows(chart)).toMatchObject({ times: [60, 61, 62], calls: [8, 1, 2], failedShare: [25, null, 100] });
  expect(chartTotals(chart)).toEqual({ calls: 11, failed: 3, share: 50 });
  expect([0, 0.04, 9.96, 12.4].map(formatShare)).toEqual(["0 %", "0.0 %", "10.0 %", "12 %"]);
});
