import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";

const features = "demo://resource/static/document/features.md";

test("what a server holds is found, read, watched and kept, and a rule stands before it as before a call", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("everything");
  await workspace.writePolicy(
    `default_permission: ALWAYS
context_rules:
  - name: ask_for_the_architecture
    condition: { tool: everything.resources/read, args_match: { uri: "demo://resource/static/document/arch*" } }
    permission: REQUIRE_APPROVAL
  - name: no_startup
    condition: { tool: everything.resources/read, args_match: { uri: { ends_with: startup.md } } }
    permission: NEVER
`,
  );
  const console = await openConsole();
  const { app, page, operator } = console;
  await operator.expectReady("Everything");
  const read = page.getByRole("region", { name: "Read", exact: true });
  const contents = page.getByRole("region", { name: "Contents" });
  const open = (name: string) => page.getByRole("link", { name: `${name} on everything`, exact: true }).click();

  await test.step("it is searched by name and address, and shown with what the policy says of it", async () => {
    await operator.goTo("Resources");
    await expect(page.getByRole("link", { name: "startup.md on everything" })).toContainText("Never");
    await expect(page.getByRole("link", { name: "architecture.md on everything" })).toContainText("Asks");
    await page.getByRole("textbox", { name: "Search resources" }).fill("static features");
    await expect(page.getByText(/^1 of \d+ resources$/)).toBeVisible();
    await open("features.md");
    await expect(page.getByRole("heading", { level: 1, name: "features.md" })).toBeVisible();
    await expect(page.getByText(features).first()).toBeVisible();
    // Opening it asked the server for nothing.
    expect(await console.ask("invocations.list", { filter: {}, cursor: null, limit: 5 })).toMatchObject({
      value: { rows: [] },
    });
  });

  await test.step("it is read as a call, and its Markdown is shown without a link that leads anywhere", async () => {
    await read.getByRole("button", { name: "Read", exact: true }).click();
    await expect(contents.getByText("OK", { exact: true })).toBeVisible();
    await expect(contents.getByRole("heading", { level: 3 }).first()).toBeVisible();
    await expect(contents.locator("a[href]:not([href^='#/'])")).toHaveCount(0);
    await contents.getByText("Text", { exact: true }).click();
    await expect(contents.locator("pre")).toContainText("# Everything Server");
  });

  await test.step("it is saved as it was sent", async () => {
    const saved = join(workspace.data, "saved.md");
    await app.evaluate(({ session }, path) => {
      session.defaultSession.once("will-download", (_event, item) => {
        Object.assign(globalThis, { offered: item.getFilename() });
        item.setSavePath(path);
      });
    }, saved);
    await contents.getByRole("button", { name: "Save…" }).click();
    await expect.poll(() => readFile(saved, "utf8").catch(() => "")).toContain("# Everything Server");
    expect(await app.evaluate(() => (globalThis as { offered?: string }).offered)).toBe("features.md");
  });

  await test.step("a change is told beside it and in the list, until it is read again", async () => {
    await read.getByRole("button", { name: "Subscribe" }).click();
    await expect(read.getByRole("button", { name: "Unsubscribe" })).toBeVisible();
    await console.ask("tools.call", {
      id: crypto.randomUUID(),
      server: "everything",
      tool: "toggle-subscriber-updates",
      args: {},
    });
    await expect(read.getByText(/^Changed .*, after it was read$/)).toBeVisible();
    await expect(page.getByRole("link", { name: "features.md on everything" })).toContainText("Changed");
    await read.getByRole("button", { name: "Unsubscribe" }).click();
    await expect(read.getByRole("button", { name: "Subscribe" })).toBeVisible();
    await read.getByRole("button", { name: "Read it again" }).click();
    await expect(read.getByText(/^Changed/)).toBeHidden();
    await expect(contents.getByText("OK", { exact: true })).toBeVisible();
  });

  await test.step("where a person has to decide, it waits for them; a dry run says so before", async () => {
    await page.getByRole("textbox", { name: "Search resources" }).fill("");
    await open("architecture.md");
    await read.getByRole("button", { name: "Dry run" }).click();
    await expect(page.getByRole("region", { name: "Dry run" })).toContainText("ask_for_the_architecture");
    await read.getByRole("button", { name: "Read", exact: true }).click();
    await contents.getByRole("link", { name: "Decide in the inbox" }).click();
    const waiting = page.getByRole("region", { name: "Call", exact: true });
    await expect(waiting).toContainText("architecture.md");
    await operator.pressUntil("a", page.getByText("Nothing waits for you").or(page.getByText("No call waits").first()));
    await operator.goTo("Resources");
    await open("architecture.md");
    await expect(contents.getByText("OK", { exact: true })).toBeVisible();
  });

  await test.step("what is refused says why and by which line", async () => {
    await open("startup.md");
    await read.getByRole("button", { name: "Read", exact: true }).click();
    await expect(contents.getByRole("alert")).toContainText("policy_denied");
    await expect(contents).toContainText("Refused");
  });

  await test.step("a template is filled in, and what it makes is read where it stands", async () => {
    await open("Dynamic Text Resource");
    await expect(read.getByRole("button", { name: "Read", exact: true })).toBeDisabled();
    await expect(read).toContainText("Fill in resourceId.");
    await read.getByRole("textbox", { name: "resourceId" }).fill("7");
    await expect(read.getByText("demo://resource/dynamic/text/7")).toBeVisible();
    await read.getByRole("button", { name: "Read", exact: true }).click();
    await expect(contents).toContainText("Resource 7: This is a plaintext resource");
    await contents.getByRole("link", { name: "Timeline of this call" }).click();
    await page.getByRole("link", { name: "Open the resource" }).click();
    await expect(page.getByText("not in the server’s list")).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: "demo://resource/dynamic/text/7" })).toBeVisible();
  });

  await test.step("a tool's answer that links to a resource leads to it", async () => {
    const result = await operator.call("everything", "get-resource-links", { count: 1 });
    await result.getByRole("link", { name: "Show in Resources" }).click();
    await expect(page.getByRole("heading", { level: 1, name: /^demo:\/\/resource\/dynamic/ })).toBeVisible();
    await read.getByRole("button", { name: "Read", exact: true }).click();
    await expect(contents.getByText("OK", { exact: true })).toBeVisible();
  });

  await test.step("when the server is gone, what it last had is marked, and says so when it is read", async () => {
    await console.ask("servers.disconnect", { server: "everything" });
    await open("features.md");
    await expect(page.getByText("stale: the server is down")).toBeVisible();
  });
});

test("by keyboard alone: a resource is found, opened, read and subscribed to", async ({ workspace, openConsole }) => {
  await workspace.useBundled("everything");
  await workspace.writePolicy("default_permission: ALWAYS\n");
  const { page, operator } = await openConsole();
  await operator.expectReady("Everything");
  const { keyboard } = page;
  const contents = page.getByRole("region", { name: "Contents" });

  await test.step("g r, then /, leads to the search, and Enter to the first that it finds", async () => {
    await keyboard.press("g");
    await keyboard.press("r");
    await expect(page.getByRole("link", { name: "features.md on everything" })).toBeVisible();
    await keyboard.press("/");
    await keyboard.type("features");
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "features.md" })).toBeVisible();
  });

  await test.step("it is read and subscribed to", async () => {
    await keyboard.press("ControlOrMeta+Enter");
    await expect(contents.getByText("OK", { exact: true })).toBeVisible();
    const subscribe = page.getByRole("button", { name: "Subscribe" });
    for (let stop = 0; stop < 12; stop += 1) {
      await keyboard.press("Tab");
      if (await subscribe.evaluate((button) => button.matches(":focus"))) break;
    }
    await keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Unsubscribe" })).toBeVisible();
  });

  await test.step("a link in its Markdown shows its address first, and Escape puts it away", async () => {
    const link = contents.getByRole("button", { name: "Project Structure" }).first();
    await link.focus();
    await keyboard.press("Enter");
    const address = page.getByRole("dialog", { name: "Project Structure" });
    await expect(address).toContainText("structure.md");
    await keyboard.press("Escape");
    await expect(address).toBeHidden();
  });

  await test.step("the palette leads to another", async () => {
    await keyboard.press("ControlOrMeta+k");
    await keyboard.type("instructions.md");
    await expect(
      page.getByRole("option", { name: /instructions\.md/ }).or(page.getByText("everything: instructions.md")),
    ).toBeVisible();
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "instructions.md" })).toBeVisible();
  });
});
