import { describe, expect, it, vi } from "vitest";
import type { Machine } from "./fixtures/team.ts";
import { SharedScene, soon } from "./fixtures/shared-scene.ts";

const scene = SharedScene.use();
const ana = { by: "ana", why: "Read it." };

/** Resolves once the machine has it written down, which it does later where the database is busy. */
async function lists({ core }: Machine, description: string): Promise<void> {
  const tool = { name: "read", description, inputSchema: { type: "object" } };
  core.pins.observe("files", [tool]);
  const offered = () => core.pins.list(new Set(["files"])).map(({ fingerprint }) => fingerprint);
  await vi.waitFor(() => expect(offered()).toEqual([core.pins.fingerprint(tool)]), soon);
}
const pinAt = ({ core }: Machine) => core.pins.list(new Set(["files"]))[0]!;
const accept = (machine: Machine, by = ana) =>
  vi.waitFor(() => {
    const { tool, fingerprint } = pinAt(machine);
    machine.core.pins.accept("files", [{ tool, fingerprint }], by);
  }, soon);
const block = ({ core }: Machine, why: string) =>
  vi.waitFor(() => core.pins.block("files", ["read"], { by: "ben", why }), soon);
const stands = (machine: Machine, standing: string) =>
  vi.waitFor(() => expect(pinAt(machine).standing).toBe(standing), soon);

/** Machines whose servers gave these definitions, one after the other. */
async function machines(...given: string[][]): Promise<Machine[]> {
  const opened = await Promise.all(given.map(() => scene.machine()));
  for (const [index, each] of opened.entries()) for (const description of given[index]!) await lists(each, description);
  return opened;
}

describe("what a person decides about a tool's definition", { timeout: 120_000 }, () => {
  it("holds on every machine whose server gives that very definition, and on no other", async () => {
    const [one, two, other] = await machines(["1", "2"], ["1", "2"], ["1", "3"]);
    await accept(one!);
    await stands(two!, "accepted");
    expect(pinAt(two!)).toMatchObject({ by: expect.stringMatching(/^ana on ./) as string, why: "Read it." });
    await block(other!, "Not this one.");
    await vi.waitFor(
      () => expect([one, two].map((each) => pinAt(each!).standing)).toEqual(["blocked", "blocked"]),
      soon,
    );
    await accept(two!);
    await stands(one!, "accepted");
    expect(pinAt(other!)).toMatchObject({ standing: "blocked", by: "ben" });
  });

  it("is known to a machine whose server gives it only later, or that shares the database only later", async () => {
    const [one, two] = await machines(["1", "2"], ["1"]);
    await accept(one!);
    await lists(two!, "2");
    await stands(two!, "accepted");
    await block(two!, "Enough.");
    const late = await scene.machine();
    await lists(late, "2");
    await stands(late, "blocked");
    expect(pinAt(late)).toMatchObject({ by: expect.stringMatching(/^ben on ./) as string, why: "Enough." });
    await stands(one!, "blocked");
    await accept(one!, { by: "ana", why: "It is well." });
    await vi.waitFor(
      () => expect([two, late].map((each) => pinAt(each!).standing)).toEqual(["accepted", "accepted"]),
      soon,
    );
  });

  it("leaves a block standing where another definition is accepted elsewhere", async () => {
    const [one, two] = await machines(["1"], ["2"]);
    await block(one!, "No.");
    await stands(two!, "blocked");
    await accept(two!);
    const late = await scene.machine();
    await lists(late, "1");
    await stands(late, "blocked");
    expect([one, two].map((each) => pinAt(each!).standing)).toEqual(["blocked", "accepted"]);
  });

  it("is recorded once, by the machine where it was decided", async () => {
    const [one, two] = await machines(["1", "2"], ["1", "2"]);
    await accept(one!);
    await stands(two!, "accepted");
    for (const { core } of [one!, two!]) await core.audit.flush();
    const { records } = await two!.core.audit.list({ kinds: ["pin.accepted"] }, null, 10);
    expect(records.filter(({ by }) => by.startsWith("ana"))).toMatchObject([{ by: "ana", subject: "files.read" }]);
  });
});
