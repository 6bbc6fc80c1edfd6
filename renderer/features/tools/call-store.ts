import { createContext, use } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { CallReport, PromptReport, ReadReport } from "../../../shared/call.ts";
import { initialArguments } from "./initial-arguments.ts";
import type { JsonSchema } from "./schema-problem.ts";

export type Args = Record<string, unknown>;

/** What is being prepared for a tool: the arguments, and the text that is typed where it cannot be read as arguments. */
export type Draft = { args: Args; unreadable: { text: string; reason: string } | null };

/** What comes of a request: of a call, of a resource that is read, of a prompt that is got. */
export type Report = CallReport | ReadReport | PromptReport;

/** A request from here that is on its way, or the last one. Times are wall-clock milliseconds. */
export type Run<R extends Report = CallReport> = { id: string; args: Args; startedAt: number } & (
  | { state: "running"; cancelling: boolean }
  | { state: "ended"; report: R }
  /** The order itself failed, so the core has no record of a call. */
  | { state: "failed"; error: Error }
);

declare const endsWith: unique symbol;
/** Names what is asked for: a tool, a resource, a prompt. `R` is what comes of it. */
export type RunKey<R extends Report = CallReport> = string & { readonly [endsWith]?: R };

/** What was typed into fields that each hold a text, by the field's name. */
export type Texts = Readonly<Record<string, string>>;

export type CallState = {
  drafts: Readonly<Record<string, Draft>>;
  texts: Readonly<Record<string, Texts>>;
  runs: Readonly<Record<string, Run<Report>>>;
};
export type CallStore = StoreApi<CallState>;

export function createCallStore(): CallStore {
  return createStore<CallState>(() => ({ drafts: {}, texts: {}, runs: {} }));
}

/** The key of a tool; a server's id holds no dot. */
export function toolKey(server: string, tool: string): RunKey {
  return `${server}.${tool}`;
}

/** The key of a resource; no server's id holds a slash. */
export function resourceKey(server: string, uri: string): RunKey<ReadReport> {
  return `resources/read ${server} ${uri}`;
}

export function promptKey(server: string, name: string): RunKey<PromptReport> {
  return `prompts/get ${server} ${name}`;
}

export function setDraft(store: CallStore, key: string, draft: Draft): void {
  store.setState((state) => ({ drafts: { ...state.drafts, [key]: draft } }));
}

export function setRun<R extends Report>(store: CallStore, key: RunKey<R>, run: Run<R>): void {
  store.setState((state) => ({ runs: { ...state.runs, [key]: run } }));
}

/** Changes a run, unless a newer one has taken its place. */
export function updateRun<R extends Report>(
  store: CallStore,
  key: RunKey<R>,
  id: string,
  change: (run: Run<R>) => Run<R>,
): void {
  const run = runOf(store.getState(), key);
  if (run?.id === id) setRun(store, key, change(run));
}

/** Notes that what is on its way was asked to end. */
export function markCancelling(store: CallStore, key: RunKey<Report>, id: string): void {
  updateRun(store, key, id, (run) => (run.state === "running" ? { ...run, cancelling: true } : run));
}

function runOf<R extends Report>({ runs }: CallState, key: RunKey<R>): Run<R> | undefined {
  return runs[key] as Run<R> | undefined;
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

export function useRun<R extends Report>(key: RunKey<R>): Run<R> | undefined {
  return useStore(useCallStore(), (state) => runOf(state, key));
}

/** The draft of a tool; where none was begun, what its schema states. */
export function useDraft(key: string, schema: JsonSchema): readonly [Draft, (draft: Draft) => void] {
  const store = useCallStore();
  const begun = useStore(store, (state) => state.drafts[key]);
  return [begun ?? { args: initialArguments(schema), unreadable: null }, (draft) => setDraft(store, key, draft)];
}

const noTexts: Texts = {};

/** What was typed for a prompt or a template. */
export function useTexts(key: string): readonly [Texts, (field: string, text: string) => void] {
  const store = useCallStore();
  const typed = useStore(store, (state) => state.texts[key]) ?? noTexts;
  return [
    typed,
    (field, text) => store.setState(({ texts }) => ({ texts: { ...texts, [key]: { ...texts[key], [field]: text } } })),
  ];
}
