import { describe, expect, it } from "vitest";
import { isLoopback, secureAddress } from "./secure-address.ts";

const here = new URL("http://127.0.0.1:3000/mcp");
const away = new URL("https://mcp.example/mcp");

describe("secureAddress", () => {
  it.each([
    ["https", "https://login.example/authorize", away],
    ["https, for a server on this machine", "https://login.example/authorize", here],
    ["http on loopback, for a server on this machine", "http://127.0.0.1:9000/authorize", here],
    ["http on localhost, for a server on this machine", "http://localhost:9000/authorize", here],
    ["http on IPv6 loopback, for a server on this machine", "http://[::1]:9000/authorize", here],
  ])("takes %s", (_, address, server) => {
    expect(secureAddress(address, "It", server).href).toBe(address);
  });

  it.each([
    ["plain http", "http://login.example/authorize", away, "not https"],
    ["plain http to this network", "http://192.168.1.4/authorize", here, "not https"],
    ["this machine, for a server elsewhere", "http://127.0.0.1:9000/authorize", away, "on this machine"],
    ["this machine over https, for a server elsewhere", "https://localhost/authorize", away, "on this machine"],
    ["a name that only begins like loopback", "http://127.0.0.1.evil.example/", here, "not https"],
    ["another scheme", "file:///etc/passwd", here, "not https"],
    ["a scheme that runs", "javascript:alert(1)", here, "not https"],
    ["credentials in it", "https://me:secret@login.example/", away, "holds credentials"],
    ["no address", "login", away, "no address"],
  ])("refuses %s", (_, address, server, why) => {
    expect(() => secureAddress(address, "It", server)).toThrow(why);
  });

  it("knows loopback as URLs write it", () => {
    const hosts = ["http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://app.localhost/"];
    expect(hosts.every((host) => isLoopback(new URL(host)))).toBe(true);
    expect(isLoopback(new URL("http://localhost.evil.example/"))).toBe(false);
  });
});
