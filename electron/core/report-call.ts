import type { CallReport, OfferReports } from "../../shared/call.ts";
import type { Invocation } from "../../shared/invocation.ts";
import type { OfferMethod } from "../../shared/offer.ts";
import { toClientError } from "./errors.ts";
import type { AnyCall, CallHooks, Invoke, OfferCall, ToolCall } from "./invoke.ts";

/** Makes a call and tells how it ended, as a value. @throws only where no call was begun */
export type Report = {
  (call: ToolCall, hooks?: CallHooks): Promise<CallReport>;
  <M extends OfferMethod>(call: OfferCall<M>, hooks?: CallHooks): Promise<OfferReports[M]>;
};

export function reporting(invoke: Invoke): Report {
  return (async (call: AnyCall, hooks?: CallHooks) => {
    let invocation: Invocation | undefined;
    const onBegin = (row: Invocation) => {
      invocation = row;
      hooks?.onBegin?.(row);
    };
    try {
      const result = await invoke(call, { ...hooks, onBegin });
      return { invocation: invocation!, result, error: null };
    } catch (error) {
      if (!invocation) throw error;
      return { invocation, result: null, error: toClientError(error).toWire() };
    }
  }) as Report;
}
