const newline = 0x0a;
const carriageReturn = 0x0d;

/** How much of each end of a line over the cap is kept. */
const endBytes = 512;

export type LineSplitterOptions = {
  /** Longest line, bytes without its end. */
  maxBytes: number;
  onLine(line: Buffer): void;
  /** A line outgrew the cap just now; `head` is how it begins. The rest of it is dropped as it comes. */
  onOverflow(head: Buffer): void;
  /** That line has come to its end, and this is how it ends. */
  onOverflowEnd(tail: Buffer): void;
};

/** Cuts a byte stream into lines; each byte is looked at once and copied at most once, and no more than one line is held. */
export class LineSplitter {
  #options: LineSplitterOptions;
  #parts: Buffer[] = [];
  #length = 0;
  /** The end so far of a line over the cap. */
  #overflowTail: Buffer | null = null;

  constructor(options: LineSplitterOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#append(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    if (start < chunk.length) this.#append(chunk.subarray(start));
  }

  /** The stream is over: a last line without an end counts. */
  end(): void {
    if (this.#length > 0 || this.#overflowTail) this.#finish();
  }

  #append(part: Buffer): void {
    if (this.#overflowTail) {
      this.#overflowTail = lastBytes(Buffer.concat([this.#overflowTail, lastBytes(part)]));
      return;
    }
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length <= this.#options.maxBytes) return;
    const line = this.#takeLine();
    this.#overflowTail = Buffer.from(lastBytes(line));
    this.#options.onOverflow(Buffer.from(line.subarray(0, endBytes)));
  }

  #finish(): void {
    const tail = this.#overflowTail;
    if (tail) {
      this.#overflowTail = null;
      this.#options.onOverflowEnd(tail);
      return;
    }
    const line = this.#takeLine();
    this.#options.onLine(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line);
  }

  #takeLine(): Buffer {
    const [first] = this.#parts;
    const line = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}

function lastBytes(buffer: Buffer): Buffer {
  return buffer.subarray(Math.max(0, buffer.length - endBytes));
}
