import { describe, expect, it } from "vitest";
import type { ConnectionState, ServerView } from "../../../shared/server.ts";
import { connectionStepMs, connectionWords } from "./connection-words.ts";

const now = 1_000_000;

function server(connection: ConnectionState, enabled = true): ServerView {
  return {
    id: "lab",
    title: "Lab",
    description: "",
    group: null,
    transport: "stdio",
    target: "lab",
    file: "lab.yaml",
    enabled,
    trusted: false,
    timeoutMs: 30_000,
    maxRetries: 2,
    connection,
    toolCount: 0,
    toolsStale: false,
    capabilities: [],
    signIn: null,
  };
}

const tell = (connection: ConnectionState, enabled = true) => connectionWords(server(connection, enabled), now);

describe("connectionWords", () => {
  it("leaves it to the button to say what to do about a sign-in", () => {
    const parked = server({
      ...{ kind: "parked", since: 0, cause: "needs_sign_in" },
      ...{ reason: "no", hint: "Sign in.", stderr: [] },
    });
    const words = (signIn: ServerView["signIn"]) => connectionWords({ ...parked, signIn }, now);
    expect(words(null)).toMatchObject({ state: "Parked: needs sign-in", hint: "Sign in." });
    expect(words({ kind: "signed-out" })).toMatchObject({ hint: null });
  });

  it("counts down to the next attempt, and then names it", () => {
    const waiting = { kind: "reconnecting", attempt: 3, reason: "connection refused" } as const;
    expect(tell({ ...waiting, nextAttemptAt: now + 11_200 })).toMatchObject({
      state: "Reconnecting, next in 12 s",
      detail: "connection refused",
    });
    expect(tell({ ...waiting, nextAttemptAt: now }).state).toBe("Reconnecting, attempt 3");
  });

  it("keeps saying why the last attempt failed while it connects anew", () => {
    const connecting = { kind: "connecting", since: now - 2_400 } as const;
    expect(tell({ ...connecting, reason: "connection refused", hint: "Start it." })).toEqual({
      shape: "half",
      state: "Connecting, 2.0 s",
      detail: "Last failure: connection refused",
      hint: "Start it.",
    });
    expect(tell(connecting)).toMatchObject({ detail: null, hint: null });
  });

  it("says why it is parked and what to do", () => {
    const parked = {
      kind: "parked" as const,
      since: 0,
      reason: "exited three times",
      stderr: ["boom"],
    } satisfies Partial<ConnectionState>;
    expect(tell({ ...parked, cause: "exits", hint: "Look at its log." })).toEqual({
      shape: "bars",
      state: "Parked: its process keeps exiting",
      detail: "exited three times",
      hint: "Look at its log.",
    });
    expect(tell({ ...parked, cause: "needs_sign_in" }).state).toBe("Parked: needs sign-in");
  });

  it("never calls a connection closed, which is a circuit's word", () => {
    expect(tell({ kind: "closed", reason: "" })).toMatchObject({ state: "Disconnected", detail: null });
  });

  it("lets the file's word stand over the connection's", () => {
    expect(tell({ kind: "idle" }, false).state).toBe("Turned off");
  });

  it("ticks only while its words count", () => {
    expect(connectionStepMs(server({ kind: "idle" }))).toBeNull();
    expect(connectionStepMs(server({ kind: "connecting", since: now }))).toBe(250);
    expect(connectionStepMs(server({ kind: "connecting", since: now }, false))).toBeNull();
  });
});
