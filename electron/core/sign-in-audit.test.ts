import { afterEach, expect, it } from "vitest";
import { closeScenes, Scene } from "./fixtures/sign-in-scene.ts";
import { openDatabase } from "./journal/database.ts";

afterEach(closeScenes);

const records = ({ core }: Scene) => core.audit.list({ kinds: ["sign-in", "sign-out"] }, null, 10).records.toReversed();

it("the audit chain holds who signed in and out, of which server and with whom, and never a token", async () => {
  const scene = await Scene.open();
  await scene.signIn();
  const { token } = scene;
  await scene.core.signIns.signOut("docs", "terminal");
  // Nobody is signed in any more.
  await scene.core.signIns.signOut("docs", "terminal");
  const { issuer } = scene.authority;
  expect(records(scene)).toMatchObject([
    { kind: "sign-in", by: "console", subject: "docs", detail: { issuer, scopes: ["read"] } },
    { kind: "sign-out", by: "terminal", subject: "docs", detail: { issuer, why: "the tokens were given back" } },
  ]);
  expect(token).not.toBe("");
  expect(JSON.stringify(records(scene))).not.toContain(token);
  expect((await scene.core.auditKeeper.verify()).fault).toBeNull();
});

it("the audit chain holds that a sign-in ended by itself, where it is no longer accepted", async () => {
  const scene = await Scene.open();
  await scene.signIn();
  await scene.authority.end(scene.token);
  await scene.authority.endGrants();
  expect(await scene.call("whoami")).toBe("needs_sign_in");
  const { issuer } = scene.authority;
  expect(records(scene).at(-1)).toMatchObject({
    kind: "sign-out",
    by: "switchgear",
    subject: "docs",
    detail: { issuer },
  });
});

it("nobody is signed in where that cannot be recorded, and everybody can sign out", async () => {
  const scene = await Scene.open();
  await scene.signIn();
  const { database } = openDatabase(scene.core.status().journal.file, scene.core.clock);
  database.exec("BEGIN IMMEDIATE");
  expect(await scene.core.signIns.signOut("docs")).toMatchObject({ revoked: true });
  await expect(scene.signIn()).rejects.toMatchObject({ code: "journal_unavailable" });
  expect(scene.view.signIn).toEqual({ kind: "signed-out" });
  database.exec("ROLLBACK");
  database.close();
  scene.core.audit.flush();
  expect(records(scene).map(({ kind }) => kind)).toEqual(["sign-in", "sign-out"]);
});
