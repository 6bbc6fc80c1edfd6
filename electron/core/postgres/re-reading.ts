/** Reads one at a time, and once more where it was asked to meanwhile: who asks hears when everything was read that was there then. */
export class ReReading {
  #read: () => Promise<void>;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  run(): Promise<void> {
    this.#again = true;
    return (this.#running ??= this.#runAll());
  }

  async #runAll(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        await this.#read();
      }
    } finally {
      // At once: whoever asks from now on begins anew.
      this.#running = null;
    }
  }
}
