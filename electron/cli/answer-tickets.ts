import type { Ticket } from "../../shared/approval.ts";
import type { Core } from "../core/core.ts";
import { toClientError } from "../core/errors.ts";
import type { CommandContext } from "./session.ts";
import { inert } from "./text.ts";

/** How the person at the terminal is named in records. */
export const operator = "terminal";

/** Answers the ticket of one call: at once with `yes`, by asking a person who is there; otherwise an open console answers it. */
export function answerTickets(
  { terminal, signal }: CommandContext,
  core: Core,
  callId: string,
  yes: boolean,
): Disposable {
  const answered = new AbortController();
  const stop = AbortSignal.any([answered.signal, signal]);

  async function answer(ticket: Ticket): Promise<void> {
    // What the policy approves of its own accord, it approves in the same tick.
    await Promise.resolve();
    if (stop.aborted) return;
    if (yes) await core.approvals.approve(ticket.id, `${operator} --yes`);
    else if (terminal.interactive) await ask(ticket);
    else {
      const until = new Date(ticket.expiresAt).toLocaleTimeString();
      terminal.say(
        `Waiting until ${until} for approval in the console (ticket ${ticket.id}); --yes approves from here.`,
      );
    }
  }

  async function ask(ticket: Ticket): Promise<void> {
    terminal.say(`${ticket.server}.${inert(ticket.tool)} needs your approval: ${inert(ticket.rule)}`);
    if (ticket.approvalMessage) terminal.say(inert(ticket.approvalMessage));
    terminal.say(inert(JSON.stringify(ticket.args), 4000));
    const said = (await terminal.ask("Approve? [y/N] ", stop)).trim().toLowerCase();
    if (said === "y" || said === "yes") await core.approvals.approve(ticket.id, operator);
    else {
      const why = (await terminal.ask("Why not? ", stop)).trim();
      await core.approvals.deny(ticket.id, operator, why || "Denied on the terminal.");
    }
  }

  return core.events.on("ticket.changed", (ticket) => {
    if (ticket.invocationId !== callId || answered.signal.aborted) return;
    if (ticket.state === "pending") {
      answer(ticket).catch((thrown: unknown) => {
        const error = toClientError(thrown);
        // The call itself tells that somebody else was first, or that it was taken back.
        if (stop.aborted || error.code === "already_resolved") return;
        terminal.say(inert(error.message, 2000));
        core.running.cancel(callId);
      });
      return;
    }
    answered.abort();
    const by = ticket.verdict?.by ?? "";
    if (ticket.state === "approved" && !by.startsWith(operator)) terminal.say(`Approved by ${inert(by)}.`);
    if (ticket.edited) terminal.say(`With other arguments: ${inert(JSON.stringify(ticket.edited.args), 4000)}`);
  });
}
