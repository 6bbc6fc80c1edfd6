import { describe, expect, it } from "vitest";
import type { ImportableServer, ImportPreview } from "../../../shared/import.ts";
import { choicesOf, importWords, initialDrafts, isLeftOut, type Drafts } from "./import-choices.ts";

const server = (id: string, credentials: ImportableServer["credentials"] = []): ImportableServer => ({
  ...{ id, name: id, transport: "stdio", target: "x", settings: [], credentials, asked: [], notes: [] },
});
const ready = { state: "ready", file: "/v", openedBy: "key" } as const;
const locked = { state: "locked", file: "/v", reason: "Locked.", hint: "Unlock it." } as const;
const preview = (vault: ImportPreview["vault"]): ImportPreview => ({
  ...{ id: "1", file: "/f", vault, refused: [] },
  servers: [server("a", [{ key: "env.T", secret: "a/T" }]), server("b"), server("c", [{ key: "url", secret: null }])],
});
const edit = (drafts: Drafts, id: string, to: "vault" | "file" | "out", name: string): Drafts => ({
  ...drafts,
  [id]: { ...drafts[id]!, credentials: { "env.T": { to, name } } },
});

describe("what is chosen of an import", () => {
  it("begins with the vault for what it can take, nothing switched on, and nothing left in a file", () => {
    const drafts = initialDrafts(preview(ready));
    expect(choicesOf(drafts)).toEqual([
      { id: "a", enable: false, credentials: { "env.T": { to: "vault", name: "a/T" } } },
      { id: "b", enable: false, credentials: {} },
    ]);
    expect(importWords(choicesOf(drafts)!)).toBe("Import 2 servers, 1 credential into the vault");
  });

  it("leaves servers with credentials out while the vault is closed, until a person says otherwise", () => {
    const drafts = initialDrafts(preview(locked));
    expect(Object.values(drafts).map(isLeftOut)).toEqual([true, false, true]);
    const kept = choicesOf(edit(drafts, "a", "file", "a/T"))!;
    expect(kept[0]).toEqual({ id: "a", enable: false, credentials: { "env.T": { to: "file" } } });
    expect(importWords(kept)).toBe("Import 2 servers");
  });

  it("is nothing while a name cannot be a secret's", () => {
    const drafts = initialDrafts(preview(ready));
    expect(choicesOf(edit(drafts, "a", "vault", "no:name"))).toBeNull();
    expect(choicesOf(edit(drafts, "a", "out", "no:name"))).toHaveLength(1);
  });

  it("may be nothing at all", () => {
    expect(importWords([])).toBe("Import nothing");
  });
});
