import { startAuthorizationServer } from "../electron/core/oauth/fixtures/authorization-server.ts";
import { Browser } from "../electron/core/oauth/fixtures/browser.ts";
import { startProtectedServer } from "../electron/core/oauth/fixtures/protected-server.ts";
import { expect, test } from "./fixtures/journey.ts";
import type { RunningConsole } from "./fixtures/running-console.ts";

const vaultKey = { MAGSAG_MCP_ENABLED: "true", SWITCHGEAR_VAULT_KEY: "a key that only journeys know" };

test("a server that asks for a sign-in gets one, after the person saw where", async ({ workspace, openConsole }) => {
  const authority = await startAuthorizationServer();
  const server = await startProtectedServer(authority);
  try {
    await workspace.writePolicy("default_permission: ALWAYS\n");
    await workspace.writeServer("docs", `title: Docs\ntransport: http\nurl: ${server.url}`);
    const console = await openConsole(vaultKey);
    const { page, operator } = console;
    const opened = await watchBrowser(console);
    const browser = new Browser();
    const dialog = page.getByRole("dialog", { name: "Sign in to Docs" });
    const docs = operator.breaker("Docs");

    await test.step("it is parked, and no browser opened", async () => {
      await expect(docs).toContainText("Parked: needs sign-in");
      await docs.getByRole("button", { name: "Sign in…" }).click();
      await expect(dialog.getByLabel("Address")).toContainText(`${authority.issuer}/auth?`);
      await expect(dialog.locator("mark")).toHaveText(new URL(authority.issuer).host);
      await expect(dialog.getByRole("list", { name: "Scopes" })).toContainText("read");
      expect(await opened()).toEqual([]);
    });

    await test.step("closing the dialog stops it", async () => {
      const back = new URL(await browser.visit((await dialog.getByLabel("Address").textContent()) ?? ""));
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await expect(dialog).toBeHidden();
      await expect(async () => expect(await fetch(back).catch(() => "gone")).toBe("gone")).toPass();
      expect(await opened()).toEqual([]);
    });

    await test.step("the browser is opened at the address that was shown, once, and the server connects", async () => {
      await docs.getByRole("button", { name: "Sign in…" }).click();
      const shown = (await dialog.getByLabel("Address").textContent()) ?? "";
      await dialog.getByRole("button", { name: "Open browser" }).click();
      await expect(dialog).toContainText("Waiting for the browser");
      await expect.poll(opened).toEqual([shown]);
      await browser.signIn(shown);
      await expect(dialog).toBeHidden();
      await expect(docs.getByText("Ready", { exact: true })).toBeVisible();
      await operator.call("docs", "whoami");
      await expect(operator.result()).toContainText("Ada");
    });

    await test.step("a tool that needs more asks for more", async () => {
      await operator.call("docs", "change");
      await expect(operator.result()).toContainText("asks for more than was granted: write");
      await operator.goTo("Panel");
      await docs.getByRole("button", { name: "Grant more…" }).click();
      await expect(dialog.getByRole("list", { name: "Scopes" })).toContainText("write");
      const shown = (await dialog.getByLabel("Address").textContent()) ?? "";
      await dialog.getByRole("button", { name: "Open browser" }).click();
      await browser.signIn(shown);
      await expect(dialog).toBeHidden();
      await operator.call("docs", "change");
      await expect(operator.result()).toContainText("Ada");
    });

    await test.step("signing out gives the tokens back", async () => {
      await operator.goTo("Panel");
      await docs.getByRole("button", { name: "Docs", exact: true }).click();
      const drawer = page.getByRole("dialog", { name: "Docs" });
      await drawer.getByRole("tab", { name: "About" }).click();
      await expect(drawer).toContainText(authority.issuer);
      await drawer.getByRole("button", { name: "Sign out" }).click();
      await expect(drawer).toContainText("You signed out.");
      await drawer.getByRole("button", { name: "Close" }).click();
      await expect(docs.getByRole("button", { name: "Sign in…" })).toBeVisible();
      expect(authority.requests).toContain("POST /token/revocation");
      expect(await opened()).toHaveLength(2);
    });
  } finally {
    await Promise.all([server.close(), authority.close()]);
  }
});

test("a sign-in outlives the console, and is nowhere to be read", async ({ workspace, openConsole }) => {
  const authority = await startAuthorizationServer();
  const server = await startProtectedServer(authority);
  try {
    await workspace.writeServer("docs", `title: Docs\ntransport: http\nurl: ${server.url}`);
    const first = await openConsole(vaultKey);
    await expect(first.operator.breaker("Docs")).toContainText("Parked: needs sign-in");
    const begun = await first.ask("signIn.begin", { server: "docs" });
    const { url } = (begun as { value: { url: string } }).value;
    await new Browser().signIn(url);
    await first.operator.expectReady("Docs");
    const token = server.authorizations.at(-1)?.replace("Bearer ", "") ?? "";
    await first.close();
    expect(await workspace.filesThatHold(token)).toEqual([]);

    const second = await openConsole(vaultKey);
    await second.operator.expectReady("Docs");
    expect(authority.requests.filter((each) => each === "POST /token")).toHaveLength(1);
  } finally {
    await Promise.all([server.close(), authority.close()]);
  }
});

/** From here on the system's browser is not opened, and the addresses that it should have opened are told. */
async function watchBrowser({ app }: RunningConsole): Promise<() => Promise<string[]>> {
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = (url) => {
      opened.push(url);
      return Promise.resolve();
    };
  });
  return () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
}
