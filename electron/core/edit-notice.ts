import { editedMetaKey, type EditNotice, type Ticket } from "../../shared/approval.ts";
import type { Answer } from "./offer-methods.ts";

/** The result with what its caller must know where an approver changed the arguments; a server cannot say so in our name. */
export function withEditNotice(result: Answer, ticket: Ticket | null): Answer {
  const meta = result._meta as Record<string, unknown> | undefined;
  if (ticket?.edited) {
    const { id: ticketId, verdict, edited } = ticket;
    const notice: EditNotice = { ticketId, by: verdict?.by ?? "", args: edited.args };
    return { ...result, _meta: { ...meta, [editedMetaKey]: notice } };
  }
  if (!meta || !Object.hasOwn(meta, editedMetaKey)) return result;
  const { [editedMetaKey]: _forged, ...own } = meta;
  return { ...result, _meta: own };
}
