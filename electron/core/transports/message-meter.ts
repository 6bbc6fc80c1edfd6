const newline = 0x0a;

/** Counts the bytes of a response and tells when one message in it outgrows the cap: the whole body, or one server-sent event. */
export class MessageMeter {
  #maxBytes: number;
  #isStream: boolean;
  #current = 0;
  #endsWithNewline = false;

  constructor(maxBytes: number, isEventStream: boolean) {
    this.#maxBytes = maxBytes;
    this.#isStream = isEventStream;
  }

  /** Counts a chunk; `false` once a message is too large. */
  push(chunk: Uint8Array): boolean {
    if (!this.#isStream) return (this.#current += chunk.length) <= this.#maxBytes;
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, end + 1)) {
      const lineIsEmpty = end === start ? this.#endsWithNewline : isCarriageReturn(chunk, start, end);
      this.#current += end + 1 - start;
      if (this.#current > this.#maxBytes) return false;
      if (lineIsEmpty) this.#current = 0;
      this.#endsWithNewline = true;
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#current += chunk.length - start;
      this.#endsWithNewline = false;
    }
    return this.#current <= this.#maxBytes;
  }
}

/** Whether the line holds a carriage return and nothing else. */
function isCarriageReturn(chunk: Uint8Array, start: number, end: number): boolean {
  return end === start + 1 && chunk[start] === 0x0d;
}
