import type { Invocation, TimelineStep } from "../../../shared/invocation.ts";

/** Hears of every step of every call as it happens. Must neither wait nor throw. */
export type CallObserver = {
  /** @param row the call as it stands; changes as the call goes on */
  step(row: Readonly<Invocation>, step: TimelineStep): void;
  close(): Promise<void>;
};
