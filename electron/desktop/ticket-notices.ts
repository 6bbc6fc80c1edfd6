/** Calls that wait, told on the desktop, and decided there where that is safe. */
import type { Ticket } from "../../shared/approval.ts";
import { inertText } from "../../shared/inert-text.ts";
import { ticketRisks } from "../../shared/ticket-risk.ts";
import type { Core } from "../core/core.ts";
import { toClientError } from "../core/errors.ts";
import { routeWith } from "./deep-link.ts";

/** A button of a notification. */
export type NoticeAction = "approve" | "deny";

export type DesktopNotice = {
  title: string;
  text: string;
  /** In the order of the buttons; none where a click is all there is. */
  actions: readonly NoticeAction[];
  onClick: () => void;
  onAction: (action: NoticeAction) => void;
};

/** Shows a notification. @returns what takes it away again; `null` where the desktop shows none */
export type ShowNotice = (notice: DesktopNotice) => Disposable | null;

export type TicketNoticesDeps = {
  core: Pick<Core, "events" | "approvals" | "desk" | "settings">;
  show: ShowNotice;
  /** Whether notifications have buttons here. */
  offersActions: boolean;
  /** Whether a person looks at the console anyway. */
  isWatched: () => boolean;
  /** Brings the window to the front, at this address of the page. */
  openScreen: (route: string) => void;
  mask: <T>(value: T) => T;
};

/** How a person at this desktop is named in records, as at the console's window. */
const operator = "console";
/** More at once are told as one. */
const mostAtOnce = 3;
/** Of the arguments, characters; a call that needs more is read in the window. */
const mostArguments = 160;

export class TicketNotices implements Disposable {
  #deps: TicketNoticesDeps;
  /** What stands on the desktop, by ticket. */
  #shown = new Map<string, Disposable>();
  /** Pending tickets that were told. */
  #told = new Set<string>();
  #summary: Disposable | null = null;
  #subscription: Disposable;

  constructor(deps: TicketNoticesDeps) {
    this.#deps = deps;
    this.#subscription = deps.core.events.on("ticket.changed", (ticket) => {
      if (ticket.state === "pending") this.#tell(ticket);
      else this.#forget(ticket.id);
    });
  }

  #tell(ticket: Ticket): void {
    const { core, isWatched } = this.#deps;
    if (this.#told.has(ticket.id)) return;
    this.#told.add(ticket.id);
    if (isWatched() || !core.settings.view().desktop.notifyWaiting) return;
    if (this.#summary || this.#shown.size >= mostAtOnce) return this.#tellMany();
    const shown = this.#deps.show({
      ...ticketNotice(ticket, this.#deps),
      onClick: () => this.#open(ticket.id),
      onAction: (action) => void this.#decide(ticket.id, action),
    });
    if (shown) this.#shown.set(ticket.id, shown);
  }

  #tellMany(): void {
    for (const each of this.#shown.values()) each[Symbol.dispose]();
    this.#shown.clear();
    this.#summary?.[Symbol.dispose]();
    this.#summary = this.#deps.show({
      title: `${this.#told.size} calls wait for you`,
      text: "Open the inbox to read and decide them.",
      actions: [],
      onClick: () => this.#deps.openScreen("/approvals"),
      onAction: () => {},
    });
  }

  #forget(id: string): void {
    this.#told.delete(id);
    this.#shown.get(id)?.[Symbol.dispose]();
    this.#shown.delete(id);
    if (this.#told.size > 0) return;
    this.#summary?.[Symbol.dispose]();
    this.#summary = null;
  }

  /** By the same way as from the window, and only what could be read whole; anything else is for the window. */
  async #decide(id: string, action: NoticeAction): Promise<void> {
    const { core, openScreen, show } = this.#deps;
    try {
      if (!ticketNotice(await core.approvals.get(id), this.#deps).actions.includes(action)) return this.#open(id);
      if (action === "approve") await core.desk.approve(id, operator);
      else await core.desk.deny(id, operator, "Denied from the desktop notification.");
    } catch (error) {
      show({
        title: action === "approve" ? "The call was not approved" : "The call was not denied",
        text: toClientError(error).message,
        actions: [],
        onClick: () => openScreen(routeTo(id)),
        onAction: () => {},
      });
    }
  }

  #open(id: string): void {
    this.#deps.openScreen(routeTo(id));
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    for (const each of this.#shown.values()) each[Symbol.dispose]();
    this.#summary?.[Symbol.dispose]();
  }
}

function routeTo(ticket: string): string {
  return routeWith("/approvals", { ticket });
}

/** What a notification says of a call. It offers a verdict only where all that would be sent stands in it, and nothing stands out. */
export function ticketNotice(
  ticket: Ticket,
  { mask, offersActions }: Pick<TicketNoticesDeps, "mask" | "offersActions">,
): Pick<DesktopNotice, "title" | "text" | "actions"> {
  const name = `${ticket.server}.${ticket.tool}`;
  const shownName = inertText(name, 80);
  const args = JSON.stringify(mask(ticket.args));
  const shownArgs = inertText(args, mostArguments);
  const isWhole = shownArgs === args && shownName === name && ticket.state === "pending";
  const risks = ticketRisks(ticket).length;
  const warning = risks > 0 ? "Look twice before you decide. " : "";
  return {
    title: `${inertText(ticket.client, 40)} waits for you`,
    text: `${warning}${shownName} ${shownArgs}`,
    actions: offersActions && isWhole && risks === 0 ? ["approve", "deny"] : [],
  };
}
