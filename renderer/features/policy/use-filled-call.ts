import { useEffect } from "react";
import { useSearchParams } from "react-router-dom";
import { useInvocation } from "../../api/use-invocations.ts";
import type { InvocationDetail } from "../../../shared/invocation.ts";
import type { Args } from "../tools/call-store.ts";
import { usePolicyDeskStore, type SimulatedCall } from "./policy-desk.ts";

/** Fills the simulator in with the logged call that the address names, once. */
export function useFilledCall(): void {
  const store = usePolicyDeskStore();
  const [params, setParams] = useSearchParams();
  const id = params.get("call");
  const { data } = useInvocation(id);
  useEffect(() => {
    if (id === null || data?.invocation.id !== id) return;
    store.setState({ view: "call", call: callOf(data) });
    setParams(
      (now) => {
        now.delete("call");
        return now;
      },
      { replace: true },
    );
  }, [id, data, store, setParams]);
}

function callOf({ invocation, timeline }: InvocationDetail): SimulatedCall {
  const { id, server, tool, environment, client } = invocation;
  const received = timeline.find((step) => step.kind === "received");
  const hasArguments = received !== undefined && !received.truncated && isArguments(received.args);
  const args = hasArguments ? (received.args as Args) : {};
  return { server, tool, environment, client, args: { args, unreadable: null }, from: { id, hasArguments } };
}

function isArguments(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
