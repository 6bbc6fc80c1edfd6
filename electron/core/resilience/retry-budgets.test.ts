import { expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { RetryBudgets } from "./retry-budgets.ts";

it("gives each server one budget of its own, until it is removed", () => {
  const budgets = new RetryBudgets(new FakeClock());
  const github = budgets.for("github");
  expect(budgets.for("github")).toBe(github);
  expect(budgets.for("postgres")).not.toBe(github);
  budgets.remove("github");
  expect(budgets.for("github")).not.toBe(github);
});
