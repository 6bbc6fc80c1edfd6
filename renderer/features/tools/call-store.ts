import { createContext, use } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { CallReport } from "../../../shared/call.ts";
import { initialArguments } from "./initial-arguments.ts";
import type { JsonSchema } from "./schema-problem.ts";

export type Args = Record<string, unknown>;

/** What is being prepared for a tool: the arguments, and the text that is typed where it cannot be read as arguments. */
export type Draft = { args: Args; unreadable: { text: string; reason: string } | null };

/** A tool's call from here that is on its way, or its last one. Times are wall-clock milliseconds. */
export type Run = { id: string; args: Args; startedAt: number } & (
  | { state: "running"; cancelling: boolean }
  | { state: "ended"; report: CallReport }
  /** The order itself failed, so the core has no record of a call. */
  | { state: "failed"; error: Error }
);

export type CallState = { drafts: Readonly<Record<string, Draft>>; runs: Readonly<Record<string, Run>> };
export type CallStore = StoreApi<CallState>;

export function createCallStore(): CallStore {
  return createStore<CallState>(() => ({ drafts: {}, runs: {} }));
}

/** The key of a tool; a server's id holds no dot. */
export function toolKey(server: string, tool: string): string {
  return `${server}.${tool}`;
}

export function setDraft(store: CallStore, key: string, draft: Draft): void {
  store.setState((state) => ({ drafts: { ...state.drafts, [key]: draft } }));
}

export function setRun(store: CallStore, key: string, run: Run): void {
  store.setState((state) => ({ runs: { ...state.runs, [key]: run } }));
}

/** Changes a tool's run, unless a newer call has taken its place. */
export function updateRun(store: CallStore, key: string, id: string, change: (run: Run) => Run): void {
  const run = store.getState().runs[key];
  if (run?.id === id) setRun(store, key, change(run));
}

/** Notes that a running call was asked to end. */
export function markCancelling(store: CallStore, key: string, id: string): void {
  updateRun(store, key, id, (run) => (run.state === "running" ? { ...run, cancelling: true } : run));
}

/** JSON text as arguments. @returns the reason in words where it cannot be. */
export function readArguments(text: string): { args: Args } | { reason: string } {
  if (text.trim() === "") return { args: {} };
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject
      ? { args: value as Args }
      : { reason: 'Arguments are one JSON object, such as { "name": "value" }.' };
  } catch (error) {
    return { reason: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Outlives the screens, so that a call goes on and a draft stays while another screen is open. */
export const CallStoreContext = createContext<CallStore | null>(null);

export function useCallStore(): CallStore {
  const store = use(CallStoreContext);
  if (!store) throw new Error("Calling tools needs a CallStoreContext above it.");
  return store;
}

export function useRun(key: string): Run | undefined {
  return useStore(useCallStore(), (state) => state.runs[key]);
}

/** The draft of a tool; where none was begun, what its schema states. */
export function useDraft(key: string, schema: JsonSchema): readonly [Draft, (draft: Draft) => void] {
  const store = useCallStore();
  const begun = useStore(store, (state) => state.drafts[key]);
  return [begun ?? { args: initialArguments(schema), unreadable: null }, (draft) => setDraft(store, key, draft)];
}
