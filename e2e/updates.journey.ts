import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";

test("a newer version is found, fetched and checked when a person says so, and what was tampered with is refused", async ({
  workspace,
  openConsole,
}) => {
  const feed = await startFeed();
  // What would be replaced; it is not, as nothing is installed here.
  const installed = join(workspace.data, "..", "Switchgear.AppImage");
  await writeFile(installed, "the version that runs");
  const env = {
    SWITCHGEAR_UPDATE_FEED: feed.url,
    APPIMAGE: installed,
    XDG_CACHE_HOME: join(workspace.data, "..", "cache"),
  };
  const { page, operator } = await openConsole(env);
  await operator.goTo("Settings");
  const check = page.getByRole("button", { name: "Check for updates" });
  const download = page.getByRole("button", { name: "Download 99.0.0" });

  await test.step("the feed says that this is the newest", async () => {
    feed.offer("0.0.1");
    await check.click();
    await expect(page.getByText("This is the newest version.")).toBeVisible();
    expect(feed.fetched()).toEqual([]);
  });

  await test.step("a file that is not what the feed says is thrown away", async () => {
    feed.offer("99.0.0", "what somebody put in its place");
    await check.click();
    await expect(page.getByText("Version 99.0.0 is there.")).toBeVisible();
    expect(feed.fetched()).toEqual([]);
    await download.click();
    await expect(page.getByText("Version 99.0.0 could not be fetched, and nothing was changed.")).toContainText(
      "sha512",
    );
    await expect(page.getByRole("button", { name: /Quit and install/ })).toHaveCount(0);
  });

  await test.step("the right one is ready to be installed, and is not installed by itself", async () => {
    feed.offer("99.0.0");
    await check.click();
    await download.click();
    await expect(page.getByRole("button", { name: "Quit and install 99.0.0" })).toBeVisible();
    await expect(page.getByText("Version 99.0.0 is fetched and checked.")).toBeVisible();
  });

  await feed.close();
});

test("without a feed nobody is asked, and an address of no use is no feed", async ({ openConsole }) => {
  const { page, operator } = await openConsole({ SWITCHGEAR_UPDATE_FEED: "http://updates.example.com/" });
  await operator.goTo("Settings");
  await expect(page.getByText("No feed is set, so this Switchgear asks nobody.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Check for updates" })).toHaveCount(0);
});

/** A folder of releases on loopback, as electron-builder lays it out for Linux. */
async function startFeed() {
  const release = Buffer.from("a newer Switchgear".repeat(10_000));
  const file = "Switchgear-99.0.0.AppImage";
  let version = "0.0.1";
  let served: Buffer = release;
  const fetched: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://feed");
    if (pathname === "/latest-linux.yml") {
      const sha512 = createHash("sha512").update(release).digest("base64");
      const files = [{ url: file, sha512, size: release.length }];
      response.end(JSON.stringify({ version, files, path: file, sha512, releaseDate: "2026-11-21T00:00:00.000Z" }));
    } else if (pathname === `/${file}`) {
      fetched.push(pathname);
      response.end(served);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    offer: (offered: string, instead?: string) => {
      version = offered;
      served = instead === undefined ? release : Buffer.from(instead);
    },
    fetched: () => fetched,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
