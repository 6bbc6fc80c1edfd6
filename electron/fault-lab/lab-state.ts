/** What the fault lab remembers from its start on, whichever way it is reached. */
export class LabState {
  readonly startedAt = new Date();
  #calls = new Map<string, number>();
  #wipes = 0;
  #revision = 1;
  #listeners = new Set<() => void>();

  /** Calls that arrived, by tool; those that were dropped or refused count too. */
  get calls(): Record<string, number> {
    return Object.fromEntries([...this.#calls].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  countCall(tool: string): void {
    this.#calls.set(tool, (this.#calls.get(tool) ?? 0) + 1);
  }

  /** Counts a wipe and returns how many there were. */
  wipe(): number {
    return (this.#wipes += 1);
  }

  /** Which description `change-description` has now. */
  get revision(): number {
    return this.#revision;
  }

  changeDescription(): number {
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
    return this.#revision;
  }

  onDescriptionChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
