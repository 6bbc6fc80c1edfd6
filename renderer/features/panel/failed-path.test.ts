import { expect, it } from "vitest";
import { readChoice } from "../activity/filter-params.ts";
import { failedPath } from "./failed-path.ts";

it("leads to the calls of one server that failed, and to none that a person or the policy stopped", () => {
  const choice = readChoice(new URLSearchParams(failedPath("a&b").split("?")[1]));
  expect(choice).toMatchObject({ server: "a&b", since: "15m" });
  expect(choice.outcomes).toContain("timeout");
  expect(choice.outcomes).toContain("outcome_unknown");
  expect(choice.outcomes).not.toContain("denied");
  expect(choice.outcomes).not.toContain("ok");
});
