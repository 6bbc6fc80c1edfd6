/** Shorter values are not masked: they stand in ordinary words, and guess themselves. */
const shortestSecret = 4;
/** From this length on a secret is no word that anything is named after. */
const shortestToken = 16;
/** A fragment of base64 that is shorter could be anything. */
const shortestBase64 = 8;
/** Deeper data is masked whole rather than walked. */
const deepest = 200;

export const mask = "•••";

/** Knows the secrets in use, and masks them in text and data: as they are, and as JSON, URLs and base64 write them. */
export class Redactor {
  #secrets = new Set<string>();
  #all = new Forms();
  #tokens = new Forms();

  /** Registers a secret for as long as the process lives: one that was replaced is still one. */
  add(secret: string): void {
    if (secret.length < shortestSecret || this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    const forms = formsOf(secret);
    this.#all.add(forms);
    if (secret.length >= shortestToken) this.#tokens.add(forms);
  }

  /** For a secret that opens nothing any more, such as a token whose time is up: each one that is known costs time. */
  forget(secret: string): void {
    if (!this.#secrets.delete(secret)) return;
    const forms = formsOf(secret);
    this.#all.remove(forms);
    if (secret.length >= shortestToken) this.#tokens.remove(forms);
  }

  text(text: string): string {
    return this.#all.mask(text);
  }

  /** JSON-like data with every string and key masked; what holds no secret comes back as the same object. */
  value<T>(value: T): T {
    return (this.#all.isEmpty ? value : walk(value, this.#all, 0)) as T;
  }

  /** As `value`, but of long secrets alone: for data with names in it that things are found by, as a weak password may be such a name. */
  tokens<T>(value: T): T {
    return (this.#tokens.isEmpty ? value : walk(value, this.#tokens, 0)) as T;
  }

  /** The same error, its message masked: what a server says of a request may repeat what it was sent. */
  error<T>(error: T): T {
    if (error instanceof Error) error.message = this.text(error.message);
    return error;
  }
}

/** Ways of writing secrets, and the one pattern that finds them all. */
class Forms {
  /** Each, and how many secrets are written so. */
  #forms = new Map<string, number>();
  #pattern: RegExp | null = null;

  get isEmpty(): boolean {
    return this.#forms.size === 0;
  }

  add(forms: readonly string[]): void {
    for (const form of forms) this.#forms.set(form, (this.#forms.get(form) ?? 0) + 1);
    this.#pattern = null;
  }

  remove(forms: readonly string[]): void {
    for (const form of forms) {
      const others = (this.#forms.get(form) ?? 0) - 1;
      if (others > 0) this.#forms.set(form, others);
      else this.#forms.delete(form);
    }
    this.#pattern = null;
  }

  mask(text: string): string {
    if (this.isEmpty) return text;
    this.#pattern ??= anyOf(this.#forms.keys());
    return text.replace(this.#pattern, mask);
  }
}

function walk(value: unknown, forms: Forms, depth: number): unknown {
  if (typeof value === "string") return forms.mask(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) return mask;
  if (Array.isArray(value)) {
    const items = value.map((item) => walk(item, forms, depth + 1));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const entries = Object.entries(value);
  const masked = entries.map(([key, item]) => [forms.mask(key), walk(item, forms, depth + 1)] as const);
  const same = masked.every(([key, item], index) => key === entries[index]?.[0] && item === entries[index]?.[1]);
  return same ? value : Object.fromEntries(masked);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const base64 = [0, 1, 2].map((offset) => base64Core(bytes, offset)).filter((form) => form.length >= shortestBase64);
  const urlSafe = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  const encoded = encodeURIComponent(bytes.toString("utf8"));
  return [secret, JSON.stringify(secret).slice(1, -1), encoded, encoded.replaceAll("%20", "+"), ...base64, ...urlSafe];
}

/** The part of the secret's base64 that does not depend on what stands around it, where `offset` bytes of a group come before. */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const tail = (offset + bytes.length) % 3 === 0 ? 0 : 1;
  return text.slice(offset === 0 ? 0 : offset + 1, text.length - tail);
}

function anyOf(forms: Iterable<string>): RegExp {
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
}
