import type { Notice } from "../../shared/status.ts";

/** What the operator must know and has not yet waved away. */
export class Notices {
  #notices = new Map<string, Notice>();
  #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** One notice an id: a newer one replaces the older. */
  add(notice: Notice): void {
    this.#notices.set(notice.id, notice);
    this.#onChange();
  }

  dismiss(id: string): void {
    if (this.#notices.delete(id)) this.#onChange();
  }

  list(): Notice[] {
    return [...this.#notices.values()];
  }
}
