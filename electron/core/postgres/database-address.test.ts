import { describe, expect, it } from "vitest";
import { readDatabaseAddress } from "./database-address.ts";

describe("the address of a database", () => {
  it("is shown without its credentials and parameters, which are kept for the connection", () => {
    const url = "postgresql://ops:s%2Fecret@db.example/team?sslmode=verify-full&sslrootcert=/ca.pem";
    const address = readDatabaseAddress(url);
    expect(address).toEqual({ url, place: "postgresql://db.example:5432/team", secrets: ["s%2Fecret", "s/ecret"] });
  });

  it("may name a socket's folder", () => {
    expect(readDatabaseAddress("postgres:///team?host=/run/postgresql").place).toContain("/run/postgresql");
  });

  it.each([
    ["nonsense", "it is not a URL"],
    ["mysql://:s3cret@db/x", "its scheme is not postgresql"],
    ["postgresql:///team", "it names no host"],
    ["postgresql://:s3cret@db", "it names no database"],
    ["postgresql://:s3cret%@db/x", "it has a %"],
  ])("%s is refused in words that repeat nothing of it", (url, what) => {
    expect(() => readDatabaseAddress(url)).toThrow(
      expect.objectContaining({ code: "config_invalid", message: expect.stringContaining(what) }),
    );
    expect(() => readDatabaseAddress(url)).not.toThrow(/s3cret/);
  });
});
