import { isDeepStrictEqual } from "node:util";
import type { Caller } from "../http/access-tokens.ts";
import type { Invoke } from "../invoke.ts";
import type { Clock } from "../ports.ts";
import { HeldCall, type Attendance, type Attended, type CallParts, type Request } from "./held-call.ts";

type Away = { call: HeldCall; giveUp: Disposable };

/** The calls of clients, those among them whose callers are to come back. */
export class HeldCalls {
  #invoke: Invoke;
  #clock: Clock;
  #away = new Map<string, Away>();
  #attended = new Set<HeldCall>();

  constructor(invoke: Invoke, clock: Clock) {
    this.#invoke = invoke;
    this.#clock = clock;
  }

  make(parts: CallParts): HeldCall {
    return new HeldCall(this.#invoke, this.#clock, parts);
  }

  /**
   * Waits for a call, and keeps it where it is left waiting.
   * @param comeBackMs after this long without its caller, the call is taken back
   * @throws what the call fails with
   */
  async attend(call: HeldCall, attendance: Attendance, comeBackMs: (waiting: Attended) => number): Promise<Attended> {
    this.#attended.add(call);
    const attended = await call.attend(attendance).finally(() => this.#attended.delete(call));
    if (attended.kind === "ended") return attended;
    const giveUp = this.#clock.schedule(comeBackMs(attended), () => {
      this.#away.delete(call.id);
      call.cancel("Its caller did not come back.");
    });
    this.#away.set(call.id, { call, giveUp });
    return attended;
  }

  /** The call of this id that waits for this caller to come back. */
  comeBackTo(caller: Caller, id: string): HeldCall | null {
    const away = this.#away.get(id);
    return away && away.call.caller.id === caller.id ? this.#take(away) : null;
  }

  /** The call that waits for this caller to ask for the same once more. */
  sameAs(caller: Caller, request: Request): HeldCall | null {
    for (const away of this.#away.values()) {
      if (away.call.caller.id === caller.id && isDeepStrictEqual(away.call.request, request)) return this.#take(away);
    }
    return null;
  }

  /** Whose calls are under way. */
  callers(): string[] {
    return [...this.#attended, ...[...this.#away.values()].map(({ call }) => call)].map(({ caller }) => caller.id);
  }

  /** Takes calls back: all, or those that are meant. */
  cancel(why: string, isMeant: (call: HeldCall) => boolean = () => true): void {
    for (const away of this.#away.values()) if (isMeant(away.call)) this.#take(away).cancel(why);
    for (const call of this.#attended) if (isMeant(call)) call.cancel(why);
  }

  #take({ call, giveUp }: Away): HeldCall {
    giveUp[Symbol.dispose]();
    this.#away.delete(call.id);
    return call;
  }
}
