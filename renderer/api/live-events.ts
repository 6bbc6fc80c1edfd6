import { notifyManager, type QueryClient, type QueryKey } from "@tanstack/react-query";
import type { Alert } from "../../shared/alert.ts";
import type { Ticket } from "../../shared/approval.ts";
import { assertNever } from "../../shared/assert-never.ts";
import type { CircuitView } from "../../shared/circuit.ts";
import type { Bridge, EventMessage } from "../../shared/contract.ts";
import type { EndpointView } from "../../shared/endpoint.ts";
import type { Grant } from "../../shared/grant.ts";
import type { Invocation, InvocationPage } from "../../shared/invocation.ts";
import type { Question } from "../../shared/question.ts";
import type { ServerView } from "../../shared/server.ts";
import type { ToolView } from "../../shared/tool.ts";
import {
  resourceChangeKey,
  withLiveEvents,
  type CallLogLine,
  type CallProgress,
  type LiveStore,
} from "./live-store.ts";
import { patchAlerts, patchGrants, patchPage, patchPending, patchQuestions, patchResolved, upsert } from "./patches.ts";
import { queryKeys } from "./query-keys.ts";

/** How long stale entries gather before they are asked for again, milliseconds. */
const refetchPauseMs = 100;

/**
 * Keeps the caches true to what the core tells.
 * @returns a function that ends it.
 */
export function followEvents(bridge: Bridge, client: QueryClient, live: LiveStore): () => void {
  const stale = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const refetchStale = () => {
    timer = undefined;
    const keys = [...stale.values()];
    stale.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
  };
  const markStale = (key: QueryKey) => {
    stale.set(JSON.stringify(key), key);
    timer ??= setTimeout(refetchStale, refetchPauseMs);
  };
  const unsubscribe = bridge.subscribe((events) =>
    notifyManager.batch(() => applyEvents(events, client, live, markStale)),
  );
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

/** One batch of events into the caches. `markStale` names what has to be asked for again. */
export function applyEvents(
  events: readonly EventMessage[],
  client: QueryClient,
  live: LiveStore,
  markStale: (key: QueryKey) => void,
): void {
  const calls: Invocation[] = [];
  const progress: CallProgress[] = [];
  const logs: CallLogLine[] = [];
  const changes = new Map<string, number>();

  const patch = <T>(key: QueryKey, change: (value: T) => T) => {
    client.setQueryData<T>(key, (value) => (value === undefined ? undefined : change(value)));
    // An answer that is on its way may have been written before this event.
    if (client.isFetching({ queryKey: key, exact: true }) > 0) markStale(key);
  };

  for (const event of events) {
    switch (event.name) {
      case "status.changed":
        patch(queryKeys.status, () => event.payload);
        markStale(queryKeys.toolPreviews);
        break;
      case "settings.changed":
        patch(queryKeys.settings, () => event.payload);
        markStale(queryKeys.bridge);
        markStale(queryKeys.tools);
        markStale(queryKeys.resources);
        markStale(queryKeys.prompts);
        markStale(queryKeys.toolPreviews);
        break;
      case "desktop.changed":
        patch(queryKeys.desktop, () => event.payload);
        break;
      case "vault.changed":
        markStale(queryKeys.vault);
        break;
      case "server.changed":
        patch<ServerView[]>(queryKeys.servers, (list) =>
          upsert(list, event.payload, (other) => other.id === event.payload.id),
        );
        markStale(queryKeys.serverLog(event.payload.id));
        markStale(queryKeys.vault);
        markStale(queryKeys.toolPreviews);
        break;
      case "server.removed":
        patch<ServerView[]>(queryKeys.servers, (list) => list.filter((other) => other.id !== event.payload.server));
        patch<CircuitView[]>(queryKeys.circuits, (list) =>
          list.filter((other) => other.server !== event.payload.server),
        );
        markStale(queryKeys.tools);
        markStale(queryKeys.resources);
        markStale(queryKeys.prompts);
        break;
      case "tools.changed":
        markStale(queryKeys.tools);
        markStale(queryKeys.policyAnswers);
        markStale(queryKeys.toolPreviews);
        break;
      case "resources.changed":
        markStale(queryKeys.resources);
        break;
      case "resource.updated":
        changes.set(resourceChangeKey(event.payload.server, event.payload.uri), Date.now());
        break;
      case "prompts.changed":
        markStale(queryKeys.prompts);
        break;
      case "pins.changed":
        markStale(queryKeys.tools);
        markStale(queryKeys.toolPreviews);
        markStale(queryKeys.pins);
        markStale(queryKeys.policyAnswers);
        break;
      case "circuit.changed":
        patch<CircuitView[]>(queryKeys.circuits, (list) =>
          upsert(
            list,
            event.payload,
            (other) => other.server === event.payload.server && other.tool === event.payload.tool,
          ),
        );
        markStale(queryKeys.toolPreviews);
        break;
      case "circuit.removed": {
        const { server, tool } = event.payload;
        patch<CircuitView[]>(queryKeys.circuits, (list) =>
          list.filter((other) => other.server !== server || other.tool !== tool),
        );
        markStale(queryKeys.toolPreviews);
        break;
      }
      case "tool.timeout": {
        const { server, tool, timeout } = event.payload;
        patch<ToolView[]>(queryKeys.tools, (list) =>
          list.map((other) => (other.server === server && other.name === tool ? { ...other, timeout } : other)),
        );
        break;
      }
      case "ticket.changed":
        patch<Ticket[]>(queryKeys.pendingTickets, (list) => patchPending(list, event.payload));
        patch<Ticket[]>(queryKeys.resolvedTickets, (list) => patchResolved(list, event.payload));
        // A call that a grant approved is counted there.
        if (event.payload.grantId !== null) markStale(queryKeys.grants);
        break;
      case "question.changed":
        patch<Question[]>(queryKeys.questions, (list) => patchQuestions(list, event.payload));
        break;
      case "grant.changed":
        patch<Grant[]>(queryKeys.grants, (list) => patchGrants(list, event.payload));
        break;
      case "alert.changed":
        patch<Alert[]>(queryKeys.alerts, (list) => patchAlerts(list, event.payload));
        break;
      case "invocation.changed":
        calls.push(event.payload);
        markStale(queryKeys.invocation(event.payload.id));
        break;
      case "invocation.progress":
        progress.push(event.payload);
        markStale(queryKeys.invocation(event.payload.id));
        break;
      case "invocation.log":
        logs.push(event.payload);
        markStale(queryKeys.invocation(event.payload.id));
        break;
      case "policy.changed":
        markStale(queryKeys.policy);
        markStale(queryKeys.policyAnswers);
        markStale(queryKeys.tools);
        markStale(queryKeys.resources);
        markStale(queryKeys.prompts);
        markStale(queryKeys.toolPreviews);
        break;
      case "audit.grown":
        markStale(queryKeys.auditHeads);
        break;
      case "requests.changed":
        markStale(queryKeys.savedRequests);
        break;
      case "export.progress":
        client.setQueryData(queryKeys.exportProgress(event.payload.id), event.payload);
        break;
      case "access.changed":
        markStale(queryKeys.access(event.payload.area));
        break;
      case "endpoint.changed":
        patch<EndpointView[]>(queryKeys.endpoints, (list) =>
          upsert(list, event.payload, (other) => other.area === event.payload.area),
        );
        break;
      default:
        assertNever(event);
    }
  }

  live.setState((state) => withLiveEvents(state, calls, progress, logs));
  if (changes.size > 0)
    live.setState(({ resourceChanges }) => ({ resourceChanges: new Map([...resourceChanges, ...changes]) }));
  if (calls.length > 0) {
    const byId = new Map(calls.map((call) => [call.id, call]));
    client.setQueriesData<InvocationPage>({ queryKey: queryKeys.invocationLists }, (page) =>
      page ? patchPage(page, byId) : undefined,
    );
  }
}
