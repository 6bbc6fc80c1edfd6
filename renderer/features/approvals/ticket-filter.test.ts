import { expect, it } from "vitest";
import type { Ticket } from "../../../shared/approval.ts";
import { choicesOf, matchesFilter, noFilter } from "./ticket-filter.ts";

const ticket = (server: string, tool: string, client = "console") => ({ server, tool, client }) as Ticket;
const tickets = [ticket("b", "wipe"), ticket("a", "wipe"), ticket("a", "echo", "cursor")];
const shown = (filter: Partial<typeof noFilter>) =>
  tickets.filter((each) => matchesFilter(each, { ...noFilter, ...filter }));

it("shows all until something is chosen, and then what fits all that is chosen", () => {
  expect(shown({})).toEqual(tickets);
  expect(shown({ server: "a" })).toHaveLength(2);
  expect(shown({ server: "a", client: "cursor" })).toEqual([tickets[2]]);
  expect(shown({ server: "a", tool: "drop" })).toEqual([]);
});

it("offers what occurs, and keeps what is chosen", () => {
  expect(choicesOf(tickets, "server", null)).toEqual(["a", "b"]);
  expect(choicesOf(tickets, "tool", "drop")).toEqual(["drop", "echo", "wipe"]);
});
