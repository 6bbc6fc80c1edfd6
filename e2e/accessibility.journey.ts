import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";
import type { RunningConsole } from "./fixtures/running-console.ts";

/** What no library looks for, run in the page. */
const checks = readFileSync(join(import.meta.dirname, "fixtures/page-checks.js"), "utf8");

/** How to come to each screen with something on it. */
const screens: readonly (readonly [name: string, open: (console: RunningConsole) => Promise<void>])[] = [
  ["Panel", ({ operator }) => operator.goTo("Panel")],
  [
    "a server's drawer",
    async ({ page, operator }) => {
      await operator.goTo("Panel");
      await page.goto("app://console/#/?server=fault-lab");
      await expect(page.getByRole("dialog", { name: /Fault lab/ })).toBeVisible();
    },
  ],
  ["Tools", ({ operator }) => operator.openTool("fault-lab", "slow")],
  [
    "Resources",
    async ({ page, operator }) => {
      await operator.goTo("Resources");
      await page.getByRole("link", { name: "features.md on everything" }).click();
      await page.getByRole("button", { name: "Read", exact: true }).click();
      await expect(page.getByRole("region", { name: "Contents" }).getByRole("heading", { level: 3 })).not.toHaveCount(
        0,
      );
    },
  ],
  [
    "a resource template",
    async ({ page, operator }) => {
      await operator.goTo("Resources");
      await page.getByRole("link", { name: "Dynamic Text Resource on everything" }).click();
      await page.getByRole("textbox", { name: "resourceId" }).fill("1");
    },
  ],
  [
    "Prompts",
    async ({ page, operator }) => {
      await operator.goTo("Prompts");
      await page.getByRole("link", { name: "completable-prompt on everything" }).click();
      await page.getByRole("textbox", { name: "department" }).click();
      await expect(page.getByRole("option", { name: "Engineering" })).toBeVisible();
    },
  ],
  [
    "Approvals",
    async ({ page, operator }) => {
      await operator.goTo("Approvals");
      await expect(page.getByRole("option", { name: /wipe/ })).toHaveCount(2);
      await expect(page.getByRole("article", { name: "Question of fault-lab" })).toBeVisible();
    },
  ],
  [
    "Activity",
    async ({ operator }) => {
      await operator.goTo("Activity");
      await operator.calls().filter({ hasText: "echo" }).first().click();
      await expect(operator.timeline()).toBeVisible();
    },
  ],
  ["Pins", ({ operator }) => operator.goTo("Pins")],
  [
    "Policy",
    async ({ page, operator }) => {
      await operator.goTo("Policy");
      await expect(page.locator(".cm-content")).toBeVisible();
    },
  ],
  ["Clients", ({ operator }) => operator.goTo("Clients")],
  [
    "what a client sees",
    async (console) => {
      const { page, operator } = console;
      await console.ask("access.create", { area: "gateway", name: "cursor" });
      await operator.goTo("Clients");
      await page.getByRole("button", { name: "What cursor sees" }).click();
      const drawer = page.getByRole("dialog", { name: "What cursor sees" });
      await drawer.getByText("Only what is named").click();
      const field = drawer.getByRole("combobox", { name: "Servers and tools" });
      for (const pattern of ["everything.get-*", "fault-lab.e*"]) {
        await field.fill(pattern);
        await field.press("Enter");
      }
      await expect(drawer.getByRole("status")).toContainText("of 2 servers");
    },
  ],
  [
    "Audit",
    async ({ page, operator }) => {
      await operator.goTo("Audit");
      await expect(page.getByRole("grid", { name: "Audit chain" }).getByRole("row").nth(1)).toBeVisible();
    },
  ],
  ["Settings", ({ operator }) => operator.goTo("Settings")],
  [
    "the keys",
    async ({ page, operator }) => {
      await operator.goTo("Panel");
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    },
  ],
  [
    "the command palette",
    async ({ page, operator }) => {
      await operator.goTo("Panel");
      await page.keyboard.press("ControlOrMeta+k");
      await expect(page.getByRole("textbox", { name: "Search", exact: true })).toBeFocused();
    },
  ],
  [
    "the page after a crash",
    async ({ page }) => {
      await page.goto("app://console/crash.html?why=crashed&next=wait");
      await expect(page.getByRole("heading", { name: "This window crashed" })).toBeVisible();
    },
  ],
];

for (const theme of ["light", "dark"] as const) {
  test(`every screen can be read and worked by everybody, ${theme}`, async ({ workspace, openConsole }) => {
    test.setTimeout(300_000);
    await workspace.useBundled("fault-lab", "fault-lab-ws", "everything");
    await workspace.writeSettings({ theme });
    const console = await openConsole();
    const { page, operator } = console;
    // The page after a crash knows the system's scheme alone.
    await page.emulateMedia({ colorScheme: theme });
    await operator.expectReady("Fault lab", "Fault lab (WebSocket)", "Everything");
    const call = (server: string, tool: string, args: object = {}) =>
      console.ask("tools.call", { id: crypto.randomUUID(), server, tool, args });
    await call("fault-lab", "echo", { message: "hello" });
    await call("fault-lab", "is-error", { message: "The disk is full." });
    await console.ask("circuits.trip", { server: "fault-lab-ws", tool: null, why: "A test" });
    for (const path of ["/srv/one", "/srv/two"]) await console.startCall("fault-lab", "wipe", { path });
    await console.startCall("fault-lab", "ask", { question: "Who is at the console?" });

    for (const [name, open] of screens) {
      await test.step(name, async () => {
        await open(console);
        await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", theme);
        // What appears by degrees has no contrast of its own before it is there.
        await page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))");
        // The ordinary mode needs a second page, which the application does not open.
        const { violations } = await new AxeBuilder({ page })
          .setLegacyMode(true)
          .options({ rules: { "target-size": { enabled: true } } })
          .analyze();
        const told = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`,
        );
        expect.soft(told, name).toEqual([]);
        const small = await page.evaluate<string[]>(`${checks}; pageChecks.smallTargets()`);
        expect.soft(small, `${name}: smaller than 24 pixels`).toEqual([]);
        expect.soft(await unseenFocus(page), `${name}: a focus that cannot be seen`).toEqual([]);
        await page.keyboard.press("Escape");
      });
    }
  });
}

/** Goes through the screen with Tab, and names each stop that shows nothing of the focus. */
async function unseenFocus(page: Page): Promise<string[]> {
  const unseen = new Set<string>();
  for (let stop = 0; stop < 30; stop += 1) {
    await page.keyboard.press("Tab");
    const name = () => page.evaluate<string | null>(`${checks}; pageChecks.unseenFocus()`);
    // Some mark themselves a moment after they were given it, and a busy machine takes its time to tell.
    await expect
      .poll(name, { timeout: 500 })
      .toBeNull()
      .catch(() => {});
    const still = await name();
    if (still !== null) unseen.add(still);
  }
  return [...unseen];
}
