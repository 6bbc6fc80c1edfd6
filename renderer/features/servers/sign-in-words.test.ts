import { describe, expect, it } from "vitest";
import type { SignInState } from "../../../shared/oauth.ts";
import type { ConnectionState } from "../../../shared/server.ts";
import { forwarding, signInOffer, splitAddress } from "./sign-in-words.ts";

const parked: ConnectionState = { kind: "parked", since: 0, cause: "needs_sign_in", reason: "no", stderr: [] };
const signedIn: SignInState = {
  kind: "signed-in",
  grant: "authorization_code",
  issuer: "https://login.example",
  scopes: ["read"],
  expiresAt: null,
  renewable: true,
  missing: [],
};

describe("signInOffer", () => {
  it("offers to sign in where a server is signed out", () => {
    const offer = signInOffer({ enabled: true, connection: parked, signIn: { kind: "signed-out" } });
    expect(offer).toEqual({ label: "Sign in…", reason: null });
  });

  it("offers nothing for a server that asks for none, is turned off, or is signed in", () => {
    expect(signInOffer({ enabled: true, connection: parked, signIn: null })).toBeNull();
    expect(signInOffer({ enabled: false, connection: parked, signIn: { kind: "signed-out" } })).toBeNull();
    expect(signInOffer({ enabled: true, connection: parked, signIn: signedIn })).toBeNull();
  });

  it("offers to grant what is missing, and names it", () => {
    const signIn: SignInState = { ...signedIn, missing: ["write", "delete"] };
    expect(signInOffer({ enabled: true, connection: parked, signIn })).toEqual({
      label: "Grant more…",
      reason: "It asks for more than was granted: write, delete.",
    });
  });
});

describe("splitAddress", () => {
  it("sets the host apart, with its port, and loses nothing", () => {
    const address = "https://login.example:8443/authorize?client_id=https%3A%2F%2Fother.example";
    const { before, host, after } = splitAddress(address);
    expect(host).toBe("login.example:8443");
    expect(before + host + after).toBe(address);
  });
});

describe("forwarding", () => {
  it("names the port that the sign-in comes back to, on both sides", () => {
    expect(forwarding("http://127.0.0.1:45123/callback")).toBe("ssh -L 45123:127.0.0.1:45123 SERVER");
  });
});
