import { describe, expect, it } from "vitest";
import type { InputRequest } from "../../../shared/input.ts";
import { Questions } from "./questions.ts";

const ask = (key?: string): InputRequest => ({ method: "roots/list", params: {}, key });
const never = new AbortController().signal;
const next = (questions: Questions) =>
  new Promise<Record<string, InputRequest>>((resolve) => questions.whenAsked(({ requests }) => resolve(requests)));
const yes = { action: "accept", content: {} };
const no = { action: "decline" };

describe("what a caller of the newer line is asked", () => {
  it("keeps its server's own keys, and has one of its own where there is none or it is taken", async () => {
    const questions = new Questions();
    const answers = [ask("name"), ask(), ask("name")].map((request) => questions.add(request, never));
    expect(Object.keys(await next(questions))).toEqual(["name", "input-1", "input-2"]);
    questions.answer({ name: yes, "input-1": no, "input-2": yes });
    expect(await Promise.all(answers)).toEqual([yes, no, yes]);
  });

  it("is not asked for what its caller brought along, until its server asks again", async () => {
    const questions = new Questions({ name: yes, other: no });
    expect(await questions.add(ask("name"), never)).toEqual(yes);
    const again = questions.add(ask("name"), never);
    expect(Object.keys(await next(questions))).toEqual(["name"]);
    questions.answer({ name: no });
    expect(await again).toEqual(no);
  });

  it.each([12_345, null, "yes", [yes]])(
    "is asked all the same where what came along is no answer: %j",
    async (junk) => {
      const questions = new Questions({ name: junk } as never);
      void questions.add(ask("name"), never);
      expect(Object.keys(await next(questions))).toEqual(["name"]);
    },
  );
});
