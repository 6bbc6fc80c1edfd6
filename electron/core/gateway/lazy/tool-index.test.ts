import type { Tool } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import type { Offered } from "../offer.ts";
import { ToolIndex } from "./tool-index.ts";

function offered(server: string, name: string, more: Partial<Tool> = {}): Offered<Tool> {
  const source: Tool = { name, inputSchema: { type: "object" }, ...more };
  return { server, name, source, item: { ...source, name: `${server}__${name}` } };
}

const tools = [
  offered("github", "create_issue", { description: "Opens an issue in a repository." }),
  offered("github", "list_issues", { description: "Lists the issues of a repository." }),
  offered("jira", "createTicket", { title: "New issue", description: "Files something to be done." }),
  offered("files", "read_text_file", {
    description: "Reads a file.",
    inputSchema: {
      type: "object",
      properties: { path: { type: "string" }, encoding: { type: "string", description: "How the bytes are read" } },
    },
  }),
  offered("db", "run", {
    description: "Runs a statement.",
    inputSchema: { type: "object", properties: { options: { type: "object", properties: { isolation: {} } } } },
  }),
];

async function indexOf(all: readonly Offered<Tool>[] = tools): Promise<ToolIndex> {
  const index = new ToolIndex();
  await index.update(all);
  return index;
}

const namesOf = ({ found }: ReturnType<ToolIndex["find"]>) => found.map(({ offered: each }) => each.item.name);

describe("a search for tools", () => {
  it.each([
    ["create issue", "github__create_issue"],
    ["how do I create an issue on github?", "github__create_issue"],
    ["create ticket", "jira__createTicket"],
    ["CREATE a Ticket", "jira__createTicket"],
    ["github__list_issues", "github__list_issues"],
    ["repositry issues list", "github__list_issues"],
    ["read file", "files__read_text_file"],
    ["encod", "files__read_text_file"],
    ["isolation", "db__run"],
  ])("%j finds %s first", async (query, best) => {
    expect(namesOf((await indexOf()).find(query, 10))[0]).toBe(best);
  });

  it("scores the best 1 and the others less, and says how many there are", async () => {
    const { found, total } = (await indexOf()).find("issue", 2);
    expect(found[0]!.score).toBe(1);
    expect(found[1]!.score).toBeLessThanOrEqual(1);
    expect(found).toHaveLength(2);
    expect(total).toBe(3);
  });

  it("looks at one server where that is asked", async () => {
    expect(namesOf((await indexOf()).find("issue", 10, "jira"))).toEqual(["jira__createTicket"]);
    expect((await indexOf()).find("issue", 10, "nobody")).toEqual({ found: [], total: 0 });
  });

  it("finds nothing by words that say nothing, and takes no harm from signs", async () => {
    for (const query of ["the", "???", "  ", "a to of", "\u202e", "__proto__", "constructor"]) {
      expect((await indexOf()).find(query, 10)).toEqual({ found: [], total: 0 });
    }
  });

  it("follows a list as it changes", async () => {
    const index = await indexOf();
    const [first, ...rest] = tools;
    const changed = offered("github", "create_issue", { description: "Plants a tree." });
    await index.update([changed, ...rest]);
    expect(namesOf(index.find("plant tree", 10))).toEqual(["github__create_issue"]);
    await index.update(rest);
    expect(index.find("plant tree", 10).total).toBe(0);
    expect(namesOf(index.find("issue", 10))).not.toContain("github__create_issue");
    await index.update([first!]);
    expect(namesOf(index.find("repository", 10))).toEqual(["github__create_issue"]);
  });

  it("lets others have their turn while it reads a long list, and ends with the list that came last", async () => {
    const index = new ToolIndex();
    const many = Array.from({ length: 500 }, (_, n) => offered("lab", `tool-${n}`, { description: "Waters plants." }));
    let turns = 0;
    const first = index.update(many).then(() => turns);
    const last = index.update(tools);
    for (; turns < 5; turns++) await new Promise(setImmediate);
    expect(await first).toBeGreaterThan(0);
    await last;
    expect(index.find("plants", 10).total).toBe(0);
    expect(index.find("issue", 10).total).toBe(3);
  });

  it("reads a schema that is no schema, or goes deep, without harm", async () => {
    let deep: Record<string, unknown> = { description: "bottom" };
    for (let n = 0; n < 10_000; n++) deep = { properties: { down: deep } };
    const odd = offered("odd", "tool", {
      inputSchema: { type: "object", properties: { a: null, b: 7, deep } } as never,
    });
    expect(namesOf((await indexOf([odd])).find("down", 10))).toEqual(["odd__tool"]);
  });
});
