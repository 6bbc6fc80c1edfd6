import { describe, expect, it } from "vitest";
import { readRedisAddress } from "./redis-address.ts";

describe("the URL of a Redis", () => {
  it.each([
    ["redis://cache.example.com", "cache.example.com:6379", "0", []],
    ["redis://10.0.0.7:6380/3", "10.0.0.7:6380", "3", []],
    ["rediss://[::1]:6380/", "[::1]:6380", "0", []],
    ["rediss://ops:p%40ss@cache:6379", "cache:6379", "0", ["p%40ss", "p@ss"]],
    ["redis://:secret@cache", "cache:6379", "0", ["secret", "secret"]],
    ["unix:///run/redis/redis.sock", "/run/redis/redis.sock", "0", []],
    ["unix://ops@/run/redis.sock?db=12", "/run/redis.sock", "12", []],
    ["unix://ops:s3cret@/run/my%20redis.sock?db=2", "/run/my redis.sock", "2", ["s3cret", "s3cret"]],
  ])("%s is read, and shown without credentials", (url, place, database, secrets) => {
    expect(readRedisAddress(url)).toEqual({ url, place, database, secrets });
  });

  it.each([
    ["", "it is not a URL"],
    ["cache:port", "its scheme"],
    ["localhost", "it is not a URL"],
    ["http://:hunter2@cache", "its scheme is none of redis, rediss and unix"],
    ["redis:cache", "it names no host"],
    ["redis://:hunter2@cache:99999", "it is not a URL"],
    ["redis://:hunter2@cache/first", "its path is not the number of a database"],
    ["redis://:hunter2%@cache", "it has a % that begins no code of a character"],
    ["redis://hunter2%zz@cache", "it has a % that begins no code of a character"],
    ["unix://hunter2@relative.sock", "it names no socket file"],
    ["unix:hunter2:unix:///run/redis.sock", "it names no socket file"],
    ["unix://:hunter2@/run/redis.sock?db=first", "it names no socket file"],
  ])("%j is refused in words that repeat nothing of it", (url, words) => {
    expect(() => readRedisAddress(url)).toThrow(
      expect.objectContaining({
        code: "config_invalid",
        message: expect.stringMatching(new RegExp(`^SWITCHGEAR_REDIS_URL cannot be used: ${words}(?!.*hunter2)`)),
        hint: expect.stringContaining("redis://[user:password@]host"),
      }),
    );
  });
});
