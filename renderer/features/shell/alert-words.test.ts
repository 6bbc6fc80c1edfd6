import { expect, it } from "vitest";
import { deliveryWords } from "./alert-words.ts";

const to = "https://hooks.example.com";

it("says how telling each webhook stands", () => {
  expect(deliveryWords([])).toBeNull();
  expect(
    deliveryWords([
      { to, state: "sent", attempts: 1, problem: null },
      { to, state: "pending", attempts: 0, problem: null },
      { to, state: "pending", attempts: 1, problem: "It answered HTTP 500." },
      { to, state: "failed", attempts: 1, problem: "It answered HTTP 404." },
    ]),
  ).toBe(
    `${to} was told. Telling ${to}. Telling ${to} again: It answered HTTP 500. ${to} was not told: It answered HTTP 404.`,
  );
});
