import { createContext, use } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Draft as ArgumentsDraft } from "../tools/call-store.ts";

/** How far back a replay reaches; milliseconds. */
export const replaySpans = {
  hour: { label: "Last hour", words: "the last hour", ms: 3_600_000 },
  day: { label: "Day", words: "the last 24 hours", ms: 24 * 3_600_000 },
  week: { label: "7 days", words: "the last 7 days", ms: 7 * 24 * 3_600_000 },
  month: { label: "30 days", words: "the last 30 days", ms: 30 * 24 * 3_600_000 },
} as const;
export type ReplaySpan = keyof typeof replaySpans;

/** A replay that was asked for: a text against the calls of a period, wall-clock milliseconds. */
export type AskedReplay = { text: string; span: ReplaySpan; from: number; to: number };

/** The call that the simulator is asked about. */
export type SimulatedCall = {
  server: string;
  tool: string;
  /** `null`: the active one. */
  environment: string | null;
  client: string;
  args: ArgumentsDraft;
  /** The logged call that it was filled in from, and whether its arguments were kept. */
  from: { id: string; hasArguments: boolean } | null;
};

export const policyViews = ["call", "replay", "levels"] as const;
export type PolicyView = (typeof policyViews)[number];

export type PolicyDesk = {
  /** Text that is not saved, and the text of the file that it was made from; `null` while nothing is changed. */
  draft: { was: string; text: string } | null;
  view: PolicyView;
  /** Which text the simulator asks while there is a draft. */
  asks: "draft" | "file";
  call: SimulatedCall;
  span: ReplaySpan;
  replay: AskedReplay | null;
};
export type PolicyDeskStore = StoreApi<PolicyDesk>;

export function createPolicyDeskStore(): PolicyDeskStore {
  return createStore<PolicyDesk>(() => ({
    draft: null,
    view: "call",
    asks: "draft",
    call: {
      server: "",
      tool: "",
      environment: null,
      client: "console",
      args: { args: {}, unreadable: null },
      from: null,
    },
    span: "day",
    replay: null,
  }));
}

/** What is typed into the editor, over the file as it stands. */
export function editDraft(store: PolicyDeskStore, text: string, file: string): void {
  store.setState(({ draft }) => {
    const was = draft?.was ?? file;
    return { draft: text === was ? null : { was, text } };
  });
}

/** The text is in the file: what was typed since is a draft of that. */
export function noteSaved(store: PolicyDeskStore, saved: string): void {
  store.setState(({ draft }) => ({
    draft: draft === null || draft.text === saved ? null : { was: saved, text: draft.text },
  }));
}

/** Outlives the screen, so that a draft stays while the calls that it would change are looked at. */
export const PolicyDeskContext = createContext<PolicyDeskStore | null>(null);

export function usePolicyDeskStore(): PolicyDeskStore {
  const store = use(PolicyDeskContext);
  if (!store) throw new Error("The policy's desk needs a PolicyDeskContext above it.");
  return store;
}

export function usePolicyDesk<T>(select: (desk: PolicyDesk) => T): T {
  return useStore(usePolicyDeskStore(), select);
}
