import { resolve } from "node:path";
import { expect, it } from "vitest";
import { soak } from "../soak/soak.ts";

const bound = 120_000;

it(
  "leaves no process and no handle, and each call of twenty servers that fail at random has one outcome and one record of it",
  { timeout: bound },
  async () => {
    const root = resolve(import.meta.dirname, "../..");
    const lines = await soak({ root, seconds: 20, servers: 20, rate: 50, seed: 1 });
    expect(lines.filter(({ isGood }) => !isGood)).toEqual([]);
    expect(lines.map(({ name }) => name)).toContain("processes before and after");
  },
);
