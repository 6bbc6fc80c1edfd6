import { resolve } from "node:path";
import { expect, it } from "vitest";
import { cliFile } from "../../electron/cli/fixtures/cli-fixture.ts";
import { load } from "../load/load.ts";

const bound = 180_000;

it(
  "loses no call of a hundred clients and doubles none, a tenth of them approved by a person: each has its answer, reached the server once and has one record",
  { timeout: bound },
  async () => {
    const root = resolve(import.meta.dirname, "../..");
    const lines = await load({ root, cli: cliFile, seconds: 4, clients: 100, rate: 250 });
    expect(lines.filter(({ isGood }) => !isGood)).toEqual([]);
    expect(lines.map(({ name }) => name)).toContain("calls with exactly one record, in the journal");
  },
);
