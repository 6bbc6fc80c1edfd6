import { expect, test } from "./fixtures/journey.ts";

test("a server asks in the middle of a call, and a person answers in the inbox", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  const question = page.getByRole("article", { name: "Question of fault-lab" });

  await test.step("the call says that its server waits for an answer", async () => {
    await operator.openTool("fault-lab", "ask");
    await operator.writeArguments({ question: "Who is at the console?" });
    const result = await operator.press();
    await expect(result).toContainText("Its server asks something.");
    await expect(page.getByRole("group", { name: "State" })).toContainText("1 call waits for you");
    await result.getByRole("link", { name: "Answer in the inbox" }).click();
  });

  await test.step("it is shown who asks, in the middle of which call, with a form", async () => {
    await expect(question).toContainText("fault-lab asks, while it runs ask for console");
    await expect(question.getByRole("heading", { name: "Who is at the console?" })).toBeVisible();
    await expect(question).toContainText("Time left");
    await expect(question.getByRole("textbox", { name: "name" })).toBeVisible();
  });

  await test.step("it is still there when the page is loaded anew", async () => {
    await page.reload();
    await expect(question).toContainText("Who is at the console?");
  });

  await test.step("an answer that does not fit is not sent", async () => {
    await question.getByRole("button", { name: "Answer" }).click();
    await expect(question).toContainText("is required");
  });

  await test.step("the answer goes to the server, and the call ends with it", async () => {
    await question.getByRole("textbox", { name: "name" }).fill("Ada");
    await question.getByRole("combobox", { name: "colour" }).click();
    await page.getByRole("option", { name: "blue" }).click();
    await question.getByRole("button", { name: "Answer" }).click();
    await expect(question).toBeHidden();
    await expect(page.getByRole("group", { name: "State" })).toContainText("No call waits");
  });

  await test.step("another is declined, and its caller reads so", async () => {
    await operator.openTool("fault-lab", "ask");
    await operator.writeArguments({ question: "And you?" });
    const result = await operator.press();
    await result.getByRole("link", { name: "Answer in the inbox" }).click();
    await question.getByRole("button", { name: "Decline" }).click();
    await expect(question).toBeHidden();
    await operator.openTool("fault-lab", "ask");
    await expect(operator.result()).toContainText("The person chose to decline.");
  });

  await test.step("the timeline has what was asked and answered", async () => {
    await operator.goTo("Activity");
    await expect(operator.calls()).toHaveCount(2);
    await operator.calls().last().click();
    await expect(operator.timeline().getByRole("heading", { level: 3 })).toHaveText([
      ...["Received", "Decided: it may run", "The server asked a question", "Attempt 1: answered", "OK"],
    ]);
    await expect(operator.timeline()).toContainText("console answered after");
    await expect(operator.timeline()).toContainText("Hello Ada, blue suits you.");
  });
});
