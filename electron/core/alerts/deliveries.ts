import { describeAlert, type Delivery } from "../../../shared/alert.ts";
import { toClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { AlertDatabase, AlertTable, DueDelivery, Target } from "./alert-table.ts";
import { targetOf } from "./escalate-to.ts";
import { postWebhook, type WebhookAnswer } from "./webhook.ts";

export type DeliveriesDeps = {
  database: AlertDatabase;
  table: AlertTable;
  clock: Clock;
  /** The webhooks of the policy file as it stands; `null` while it is invalid, and everything waits. */
  urls: () => readonly string[] | null;
  /** The signing key. Rejects where the vault is closed: nothing is sent unsigned. */
  key: () => Promise<string>;
  /** Masks secrets in what is sent. */
  redact: (text: string) => string;
  /** Hears, inside the transaction that notes it, of a message that arrived or that is given up. */
  onSettled: (delivery: Target & Pick<Delivery, "state" | "attempts" | "problem"> & { alert: string }) => void;
};

/** The pause after each failed attempt, milliseconds; one attempt more than there are pauses. */
const pausesMs = [5_000, 30_000, 120_000, 600_000];
/** A message that could not be sent for so long, as Switchgear was off, is news no more. */
const staleMs = 24 * 3_600_000;
const atOnce = 4;
/** Longer than an attempt can take; milliseconds. */
const holdMs = 60_000;

/** Sends what is due to the webhooks, each message once: from a list on disk that outlives a restart and is shared by processes. */
export class Deliveries {
  #deps: DeliveriesDeps;
  #closing = new AbortController();
  /** What is on its way from here, by its id. */
  #running = new Map<number, Promise<void>>();

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps;
  }

  /** Begins what is due. @throws MCPClientError `journal_unavailable` */
  pump(): void {
    const { table, clock, urls } = this.#deps;
    const known = urls();
    const free = atOnce - this.#running.size;
    if (known === null || free <= 0 || this.#closing.signal.aborted) return;
    const now = clock.wallNow();
    for (const due of table.claim(now, now + holdMs, free)) {
      // A keychain that asks a person can outlast the hold.
      if (this.#running.has(due.id)) continue;
      const sending = this.#deliver(due, known).finally(() => this.#running.delete(due.id));
      this.#running.set(due.id, sending);
    }
  }

  /** Stops what is on its way and leaves it for the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running.values());
  }

  async #deliver(due: DueDelivery, known: readonly string[]): Promise<void> {
    const answer = await this.#attempt(due, known);
    try {
      if (!answer.ok && this.#closing.signal.aborted) this.#deps.table.release(due.id);
      else this.#settle(due, answer);
    } catch {
      // The journal cannot be written: the hold ends by itself, and it is tried again under the same id.
    }
  }

  async #attempt(due: DueDelivery, known: readonly string[]): Promise<WebhookAnswer> {
    const { clock, key, redact } = this.#deps;
    const url = known.find((each) => targetOf(each).mark === due.mark);
    if (url === undefined) return { ok: false, again: false, problem: "The policy file no longer names it." };
    if (due.at + staleMs < clock.wallNow()) return { ok: false, again: false, problem: "It is news no more." };
    try {
      const message = { id: `${due.alert}.${due.id}`, body: redact(bodyOf(due)) };
      return await postWebhook(url, message, { key: await key(), clock, signal: this.#closing.signal });
    } catch (error) {
      return { ok: false, again: true, problem: `It could not be signed: ${toClientError(error).message}` };
    }
  }

  #settle({ id, alert, attempts: before, to, mark }: DueDelivery, answer: WebhookAnswer): void {
    const { database, table, clock, onSettled } = this.#deps;
    const attempts = before + 1;
    const pause = answer.ok || !answer.again ? undefined : pausesMs[before];
    const state = answer.ok ? "sent" : pause === undefined ? "failed" : "pending";
    const problem = answer.ok ? null : answer.problem;
    const note = () => {
      table.settle(id, { state, attempts, problem }, clock.wallNow() + (pause ?? 0));
      if (state !== "pending") onSettled({ alert, to, mark, state, attempts, problem });
    };
    database.write(note, { durable: true });
  }
}

/** What a receiver reads: what the ticket list shows, and no arguments. */
function bodyOf({ alert, at, cause, recipients }: DueDelivery): string {
  const { kind, ...data } = cause;
  const { text } = describeAlert(cause);
  return JSON.stringify({
    type: kind,
    timestamp: new Date(at).toISOString(),
    text,
    recipients,
    data: { alert, ...data },
  });
}
