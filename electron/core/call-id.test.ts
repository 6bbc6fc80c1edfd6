import { expect, it } from "vitest";
import { z } from "zod";
import { callId } from "./call-id.ts";

it("gives UUIDs of version 7, each another, in the order of time", () => {
  const times = [0, 1, 1_700_000_000_000.7, 2 ** 48 - 1];
  const ids = times.map(callId);
  for (const id of ids) expect(z.uuidv7().safeParse(id).success).toBe(true);
  expect(ids.toSorted()).toEqual(ids);
  expect(callId(5)).not.toBe(callId(5));
});
