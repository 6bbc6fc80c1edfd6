import { describe, expect, it } from "vitest";
import { FakeClock } from "../core/fake-clock.ts";
import { BrowserSessions } from "./browser-sessions.ts";

const minute = 60_000;

function start() {
  const clock = new FakeClock();
  const ended: string[] = [];
  const sessions = new BrowserSessions({ clock, idleMs: 60 * minute, onEnded: (_session, why) => ended.push(why) });
  const { cookie, key } = sessions.begin(() => true)!;
  return { clock, ended, sessions, cookie, key };
}

describe("a browser's session", () => {
  it("begins where it is admitted, and nowhere else", () => {
    const { sessions } = start();
    expect(sessions.begin(() => false)).toBeNull();
  });

  it("is found by its whole cookie alone, and known by its own key alone", () => {
    const { sessions, cookie, key } = start();
    const other = sessions.begin(() => true)!;
    const session = sessions.find(cookie)!;
    expect(session.hasKey(key)).toBe(true);
    for (const wrong of ["", cookie, other.key, `${key}x`]) expect(session.hasKey(wrong)).toBe(false);
    for (const wrong of [null, "", key, cookie.slice(0, 16) + other.cookie.slice(16)]) {
      expect(sessions.find(wrong)).toBeNull();
    }
  });

  it("ends once nobody was there for the time that it may be idle, and not while somebody is", async () => {
    const { clock, sessions, cookie, ended } = start();
    await clock.advance(59 * minute);
    const session = sessions.find(cookie)!;
    sessions.seen(session);
    await clock.advance(59 * minute);
    expect(sessions.find(cookie)).toBe(session);
    await clock.advance(minute);
    expect(sessions.find(cookie)).toBeNull();
    expect(session.over).toBe("idle");
    expect(ended).toEqual(["idle"]);
  });

  it("ends by itself, though nobody asks for it", async () => {
    const { clock, ended } = start();
    await clock.advance(61 * minute);
    expect(ended).toEqual(["idle"]);
    expect(clock.pending).toBe(0);
  });

  it("says two minutes before that it will end, and takes it back once somebody is there", async () => {
    const { clock, sessions, cookie } = start();
    const session = sessions.find(cookie)!;
    const told: (number | null)[] = [];
    session.onEndsAt(() => told.push(session.endsAt && session.endsAt - clock.now()));
    await clock.advance(58 * minute - 1);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual([2 * minute]);
    await clock.advance(minute);
    sessions.seen(session);
    sessions.seen(session);
    expect(told).toEqual([2 * minute, null]);
    await clock.advance(58 * minute);
    expect(told).toEqual([2 * minute, null, 2 * minute]);
    await clock.advance(2 * minute);
    expect(session.over).toBe("idle");
  });

  it("says so in the middle of a time that is short", async () => {
    const clock = new FakeClock();
    const sessions = new BrowserSessions({ clock, idleMs: minute, onEnded: () => {} });
    const session = sessions.find(sessions.begin(() => true)!.cookie)!;
    await clock.advance(minute / 2);
    expect(session.endsAt).toBe(clock.now() + minute / 2);
    await clock.advance(minute / 2);
    expect(session.over).toBe("idle");
  });

  it("ends once, for one reason", () => {
    const { sessions, cookie, ended } = start();
    const session = sessions.find(cookie)!;
    const told: string[] = [];
    session.onOver((why) => told.push(why));
    session.onOver((why) => told.push(`not ${why}`))();
    sessions.end(session, "logged-out");
    sessions.end(session, "idle");
    sessions.close();
    expect(ended).toEqual(["logged-out"]);
    expect(told).toEqual(["logged-out"]);
    expect(session.over).toBe("logged-out");
  });
});
