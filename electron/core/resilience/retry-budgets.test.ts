import { expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { RetryBudgets } from "./retry-budgets.ts";

it("lets no server spend what another has", () => {
  const budgets = new RetryBudgets(new FakeClock());
  const taken = Array.from({ length: 4 }, () => budgets.for("github").take());
  expect(taken.indexOf(undefined)).toBe(3);
  expect(budgets.for("postgres").take()).toBeDefined();
});

it("gives each server one budget of its own, until it is removed", () => {
  const budgets = new RetryBudgets(new FakeClock());
  const github = budgets.for("github");
  expect(budgets.for("github")).toBe(github);
  expect(budgets.for("postgres")).not.toBe(github);
  budgets.remove("github");
  expect(budgets.for("github")).not.toBe(github);
});
