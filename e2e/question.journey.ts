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

test("a server asks for an address to be opened: it is read whole first, and opened only where a person says so", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("everything");
  await workspace.writePolicy("default_permission: ALWAYS\n");
  const { app, page, operator } = await openConsole();
  await operator.expectReady("Everything");
  const question = page.getByRole("article", { name: "Question of everything" });
  const address = "https://accounts.example.com/authorize?state=4f1c&next=%2Fhome";
  // No browser is opened in a test: what the system is asked is heard where it leaves the application.
  await app.evaluate(({ dialog, shell }) => {
    const heard = { asked: [] as string[], opened: [] as string[], answer: 1 };
    Object.assign(globalThis, { heard });
    dialog.showMessageBox = ((_window: unknown, { detail }: { detail: string }) => {
      heard.asked.push(detail);
      return Promise.resolve({ response: heard.answer, checkboxChecked: false });
    }) as never;
    shell.openExternal = async (url) => void heard.opened.push(url);
  });
  type Heard = { asked: string[]; opened: string[]; answer: number };
  const heard = () => app.evaluate(() => (globalThis as unknown as { heard: Heard }).heard);
  const ask = async () => {
    await operator.openTool("everything", "trigger-url-elicitation");
    await operator.writeArguments({ url: address, message: "Sign in to go on." });
    const result = await operator.press();
    await result.getByRole("link", { name: "Answer in the inbox" }).click();
  };

  await test.step("the address stands there whole, and nothing is opened by itself", async () => {
    await ask();
    await expect(question.getByRole("heading", { name: "Sign in to go on." })).toBeVisible();
    await expect(question).toContainText(address);
    expect(await heard()).toMatchObject({ asked: [], opened: [] });
  });

  await test.step("where a person thinks better of it, the question stays", async () => {
    await question.getByRole("button", { name: "Open accounts.example.com" }).click();
    await expect.poll(async () => (await heard()).asked).toEqual([address]);
    await expect(question).toBeVisible();
    expect((await heard()).opened).toEqual([]);
  });

  await test.step("where they go there, the server hears of it, and the call ends", async () => {
    await app.evaluate(() => void ((globalThis as unknown as { heard: Heard }).heard.answer = 0));
    await question.getByRole("button", { name: "Open accounts.example.com" }).click();
    await expect(question).toBeHidden();
    expect((await heard()).opened).toEqual([address]);
    await operator.openTool("everything", "trigger-url-elicitation");
    await expect(operator.result().getByText("OK", { exact: true })).toBeVisible();
    await expect(operator.result()).toContainText("accept");
  });

  await test.step("it can be declined by keyboard, and nothing is opened", async () => {
    await ask();
    const decline = question.getByRole("button", { name: "Decline" });
    await decline.focus();
    await page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    expect((await heard()).opened).toEqual([address]);
  });
});
