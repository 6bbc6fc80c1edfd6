import { describe, expect, it } from "vitest";
import type { CircuitTransition } from "../../../shared/circuit.ts";
import { FakeClock } from "../fake-clock.ts";
import { openDatabase } from "./database.ts";
import { TransitionLog } from "./transition-log.ts";

const reset = (at: number, why: string): CircuitTransition => ({
  at,
  server: "github",
  tool: null,
  from: "open",
  to: "closed",
  cause: { kind: "operator", action: "reset", who: "console", why },
  invocationId: null,
});

describe("transition log", () => {
  it("keeps who did what to a circuit and why, newest first", () => {
    const { database } = openDatabase(":memory:", new FakeClock());
    const log = new TransitionLog(database);
    log.add(reset(1, "The token was renewed."));
    log.add(reset(2, "Trying again."));
    log.add({ ...reset(3, "Another server's."), server: "stripe" });
    expect(log.list("github", 10)).toEqual([reset(2, "Trying again."), reset(1, "The token was renewed.")]);
    expect(log.list("github", 1)).toHaveLength(1);
    database.close();
  });
});
