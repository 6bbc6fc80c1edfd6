import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";
import type { RunningConsole } from "./fixtures/running-console.ts";
import { startTellTaleServer } from "./fixtures/tell-tale-server.ts";

test("the window is shut in: no Node, no other window, no other page, no evaluation, no web", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  const web = await startTellTaleServer();
  const { app, page, stray } = await openConsole();

  await test.step("nothing of Node or Electron is there, and the bridge is two functions", async () => {
    const globals = ["require", "process", "module", "global", "Buffer", "electron", "ipcRenderer"];
    expect(await page.evaluate(`${JSON.stringify(globals)}.filter((name) => name in globalThis)`)).toEqual([]);
    expect(await page.evaluate("Object.keys(switchgear).sort()")).toEqual(["invoke", "subscribe"]);
    const preferences = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) =>
        (webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
      ),
    );
    expect(preferences).toMatchObject([
      { contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false },
    ]);
  });

  await test.step("no other window opens", async () => {
    for (const url of ["https://example.com/", "app://console/", "about:blank"]) {
      expect(await page.evaluate(`window.open(${JSON.stringify(url)}) === null`)).toBe(true);
    }
    expect(app.windows()).toHaveLength(1);
  });

  stray.expect(/^Not allowed to (?:load local resource|navigate top frame)/);
  await test.step("no other page comes into this one, which may be loaded anew", async () => {
    const own = page.url();
    await page.evaluate("window.stayed = true");
    for (const url of [`${web.origin}/`, "file:///etc/passwd", "data:text/html,elsewhere", "app://elsewhere/"]) {
      await page.evaluate(`location.href = ${JSON.stringify(url)}`);
      await page.evaluate(`Object.assign(document.createElement("a"), { href: ${JSON.stringify(url)} }).click()`);
      await page.evaluate(
        `Object.assign(document.createElement("a"), { href: ${JSON.stringify(url)}, target: "_blank" }).click()`,
      );
    }
    expect(await page.evaluate("window.stayed")).toBe(true);
    expect(page.url()).toBe(own);
    expect(app.windows()).toHaveLength(1);
    await Promise.all([page.waitForEvent("load"), page.evaluate("void setTimeout(() => location.reload())")]);
    expect(await page.evaluate("window.stayed")).toBeUndefined();
    expect(page.url()).toBe(own);
    await expect(page.getByRole("navigation", { name: "Screens" })).toBeVisible();
    expect(web.requests).toEqual([]);
  });

  stray.expect(/Content Security Policy|Failed to load resource/);
  await test.step("nothing is evaluated, written into the page or fetched from elsewhere", async () => {
    const policy = await page.evaluate<string>(
      `fetch("app://console/").then((answer) => answer.headers.get("content-security-policy"))`,
    );
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe-eval");
    // In a task of the page's own, as what a debugger evaluates is let off the policy.
    const evaluated = `new Promise((done) => setTimeout(() => { try { done(eval("'evaluated'")); } catch (error) { done(error.name); } }))`;
    expect(await page.evaluate(evaluated)).toBe("EvalError");
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement("script"), { textContent: "window.written = true" }))`,
    );
    expect(await page.evaluate("window.written")).toBeUndefined();
    expect(await page.evaluate(`fetch(${JSON.stringify(`${web.origin}/fetched`)}).catch((error) => error.name)`)).toBe(
      "TypeError",
    );
    const image = `new Promise((done) => { const image = new Image(); image.onerror = () => done("refused"); image.onload = () => done("loaded"); image.src = ${JSON.stringify(`${web.origin}/image.png`)}; })`;
    expect(await page.evaluate(image)).toBe("refused");
    expect(web.requests).toEqual([]);
  });

  await test.step("nothing outside the page's folder is served", async () => {
    for (const path of [
      "../../package.json",
      "%2e%2e/%2e%2e/package.json",
      "..%2f..%2fpackage.json",
      "%2fetc%2fpasswd",
    ]) {
      expect(await page.evaluate(`fetch("app://console/${path}").then((answer) => answer.status)`)).toBe(404);
    }
  });

  await test.step("every permission is denied", async () => {
    expect(await page.evaluate("Notification.requestPermission()")).toBe("denied");
    const asked = {
      microphone: "navigator.mediaDevices.getUserMedia({ audio: true })",
      clipboard: "navigator.clipboard.readText()",
      place: "new Promise((done, refused) => navigator.geolocation.getCurrentPosition(done, refused))",
    };
    for (const [what, question] of Object.entries(asked)) {
      expect(await page.evaluate(`${question}.then(() => "granted", () => "denied")`), what).toBe("denied");
    }
  });
  await web.close();
});

test("the bridge answers what it does not know with bad_request", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const console = await openConsole();
  const call = { id: crypto.randomUUID(), server: "fault-lab", tool: "echo", args: {} };
  const questions: [name: string, input?: unknown][] = [
    ["tools.destroy"],
    ["__proto__"],
    ["constructor"],
    ["app.status", { loud: true }],
    ["servers.connect", {}],
    ["servers.connect", { server: 7 }],
    ["servers.connect", { server: "fault-lab", twice: true }],
    ["tools.call", { ...call, id: "one" }],
    ["tools.call", { ...call, args: [] }],
    ["tools.call", { ...call, client: "somebody else" }],
    ["circuits.reset", { server: "fault-lab", tool: null, why: "  " }],
    ["invocations.list", { filter: {}, cursor: null, limit: 1_000_000 }],
    ["settings.set", { mcpEnabled: "yes" }],
  ];
  for (const [name, input] of questions) {
    expect(await console.ask(name, input), `${name} ${JSON.stringify(input)}`).toMatchObject({
      ok: false,
      error: { code: "bad_request" },
    });
  }
  for (const url of ["file:///etc/passwd", "javascript:alert(1)", "not a url"]) {
    expect(await console.ask("app.openLink", { url })).toEqual({ ok: true, value: { opened: false } });
  }
  expect(await console.ask("invocations.list", { filter: {}, cursor: null, limit: 10 })).toMatchObject({
    value: { rows: [] },
  });
});

test("a secret reaches its server, and no answer, event, log or record", async ({ workspace, openConsole }) => {
  const secret = "hunter2-4b1d-not-for-screens";
  const leaky = await startTellTaleServer();
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer(
    "leaky",
    `title: Leaky\ntransport: http\nurl: ${leaky.origin}/mcp\nheaders: { Authorization: "Bearer env://LEAKY_TOKEN" }`,
  );
  await workspace.writeServer(
    "chatty",
    `title: Chatty\ntransport: stdio\ncommand: \${node}\nargs: ["-e", ${JSON.stringify(chatty)}]\nenv: { TOKEN: "env://LEAKY_TOKEN" }\ntimeout: 2000`,
  );
  const console = await openConsole({ MAGSAG_MCP_ENABLED: "true", LEAKY_TOKEN: secret });
  const { page, operator } = console;
  await page.evaluate("window.heard = []; switchgear.subscribe((events) => window.heard.push(...events))");

  await expect(operator.breaker("Leaky")).toContainText("500");
  await expect.poll(() => leaky.requests.map(({ authorization }) => authorization)).toContain(`Bearer ${secret}`);
  await operator.breaker("Chatty").getByRole("button", { name: "Log" }).click();
  const log = page.getByRole("log", { name: "Server log" });
  await expect(log).toContainText("my token is •••");
  await expect(log).toContainText("not a message: •••");
  const answer = await console.ask("tools.call", {
    id: crypto.randomUUID(),
    server: "leaky",
    tool: "any",
    args: { note: secret },
  });
  expect(answer).toMatchObject({ ok: true, value: { error: { code: "connection_failed" } } });

  const shown = [
    await everyAnswer(console),
    JSON.stringify(await page.evaluate("window.heard")),
    await page.content(),
  ].join("\n");
  expect(shown).toContain("my token is");
  expect(shown).not.toContain(secret);
  await console.close();
  for (const file of await readdir(workspace.data, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    expect((await readFile(path)).includes(secret), path).toBe(false);
  }
  await leaky.close();
});

/** A program that tells its secret to both of its outputs. */
const chatty =
  "setInterval(() => { console.error('my token is', process.env.TOKEN); console.log('not a message:', process.env.TOKEN); }, 100)";

/** What every procedure that only reads has to say. */
async function everyAnswer(console: RunningConsole): Promise<string> {
  const answers = await Promise.all([
    ...[
      "app.status",
      "settings.get",
      "servers.list",
      "circuits.list",
      "tools.list",
      "metrics.servers",
      "policy.get",
    ].map((name) => console.ask(name)),
    ...["leaky", "chatty"].map((server) => console.ask("servers.log", { server })),
    ...["pending", "resolved"].map((state) => console.ask("approvals.list", { state })),
    console.ask("invocations.list", { filter: {}, cursor: null, limit: 100 }),
  ]);
  const calls = answers.at(-1) as { value: { rows: { id: string }[] } };
  const timelines = await Promise.all(calls.value.rows.map(({ id }) => console.ask("invocations.get", { id })));
  return JSON.stringify([answers, timelines]);
}
