/** The log's filter as the address's search parameters, and back; what an address holds wrongly is left out. */
import type { InvocationFilter, InvocationOutcome } from "../../../shared/invocation.ts";
import type { PermissionLevel } from "../../../shared/policy.ts";
import { outcomeWords } from "../../components/outcome-words.ts";

/** How far back the log reaches, by the name that it has in the address; milliseconds. */
export const spans = {
  "15m": { label: "Last 15 minutes", ms: 15 * 60_000 },
  "1h": { label: "Last hour", ms: 60 * 60_000 },
  "24h": { label: "Last 24 hours", ms: 24 * 60 * 60_000 },
} as const;
export type Span = keyof typeof spans;

/** What the operator chose; `null` and the empty list choose nothing. */
export type FilterChoice = {
  text: string;
  server: string | null;
  tool: string | null;
  client: string | null;
  outcomes: readonly InvocationOutcome[];
  level: PermissionLevel | null;
  since: Span | null;
  /** Bounds that a person gave, wall-clock milliseconds; they stand in the place of `since`. */
  from: number | null;
  to: number | null;
};

export const emptyChoice: FilterChoice = {
  ...{ text: "", server: null, tool: null, client: null, outcomes: [], level: null, since: null, from: null, to: null },
};

const levels: readonly PermissionLevel[] = ["ALWAYS", "REQUIRE_APPROVAL", "NEVER"];
const outcomes = Object.keys(outcomeWords) as InvocationOutcome[];
const maxText = 200;

export function readChoice(params: URLSearchParams): FilterChoice {
  const level = params.get("level");
  const since = params.get("since");
  return {
    text: (params.get("text") ?? "").slice(0, maxText),
    server: params.get("server") || null,
    tool: params.get("tool") || null,
    client: params.get("client") || null,
    outcomes: outcomes.filter((outcome) => params.getAll("outcome").includes(outcome)),
    level: levels.find((known) => known === level) ?? null,
    from: readMoment(params.get("from")),
    to: readMoment(params.get("to")),
    since: (Object.keys(spans) as Span[]).find((known) => known === since) ?? null,
  };
}

/** Only what is chosen goes into the address. */
export function writeChoice(choice: FilterChoice): URLSearchParams {
  const params = new URLSearchParams();
  if (choice.text !== "") params.set("text", choice.text);
  for (const name of ["server", "tool", "client", "level", "since"] as const) {
    const value = choice[name];
    if (value !== null) params.set(name, value);
  }
  for (const name of ["from", "to"] as const) {
    const at = choice[name];
    if (at !== null) params.set(name, new Date(at).toISOString());
  }
  for (const outcome of choice.outcomes) params.append("outcome", outcome);
  return params;
}

export function isEmptyChoice(choice: FilterChoice): boolean {
  return writeChoice(choice).size === 0;
}

/** What the journal is asked. @param now wall-clock milliseconds that `since` counts back from. */
export function toFilter(choice: FilterChoice, now: number): InvocationFilter {
  return {
    ...(choice.text !== "" && { text: choice.text }),
    ...(choice.server !== null && { server: choice.server }),
    ...(choice.tool !== null && { tool: choice.tool }),
    ...(choice.client !== null && { client: choice.client }),
    ...(choice.outcomes.length > 0 && { outcomes: [...choice.outcomes] }),
    ...(choice.level !== null && { level: choice.level }),
    ...(choice.from !== null && { from: choice.from }),
    ...(choice.to !== null && { to: choice.to }),
    ...(choice.since !== null && { from: now - spans[choice.since].ms }),
  };
}

function readMoment(text: string | null): number | null {
  const at = text === null ? NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
