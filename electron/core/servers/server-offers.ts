import type { Prompt, Resource, ResourceTemplateType } from "@modelcontextprotocol/client";
import type { Redactor } from "../secrets/redact.ts";
import type { Listed, ListKind } from "./client-request.ts";
import type { ConnectionLog } from "./connection-log.ts";
import { KeptList } from "./kept-list.ts";
import type { Session } from "./session.ts";

export type OfferKind = "resources" | "prompts";

/** What one server offers beside tools: the last lists that it gave. They come after its tools, and nothing waits for them. */
export class ServerOffers {
  readonly resources: KeptList<Resource>;
  readonly resourceTemplates: KeptList<ResourceTemplateType>;
  readonly prompts: KeptList<Prompt>;

  constructor(log: ConnectionLog, deps: { redactor: Redactor; onOffersChange: (kind: OfferKind) => void }) {
    const { redactor, onOffersChange } = deps;
    const list = <K extends ListKind>(kind: K, what: string, changed: OfferKind) =>
      new KeptList<Listed[K]>({
        ...{ what, log, redactor },
        ask: (session, timeoutMs) => session.list(kind, timeoutMs),
        onChange: () => onOffersChange(changed),
      });
    this.resources = list("resources", "resources", "resources");
    this.resourceTemplates = list("resourceTemplates", "resource templates", "resources");
    this.prompts = list("prompts", "prompts", "prompts");
  }

  /** Resolves once no list is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#lists().map((list) => list.settled()));
  }

  /** Asks for the lists anew; those of one kind, where one is named. */
  async refresh(session: Session, timeoutMs: number, kind?: OfferKind): Promise<void> {
    await Promise.all(this.#lists(kind).map((list) => list.refresh(session, timeoutMs)));
  }

  markStale(): void {
    for (const list of this.#lists()) list.markStale();
  }

  #lists(kind?: OfferKind): readonly KeptList<object>[] {
    const resources = [this.resources, this.resourceTemplates];
    if (kind === undefined) return [...resources, this.prompts];
    return kind === "prompts" ? [this.prompts] : resources;
  }
}
