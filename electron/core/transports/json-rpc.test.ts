import { describe, expect, it } from "vitest";
import { writeOnce } from "../known-json.ts";
import { idFromEnds, readFrame, textOf } from "./json-rpc.ts";

describe("readFrame", () => {
  it.each([
    ['{"jsonrpc":"2.0","id":1,"result":{}}', "message"],
    ['{"jsonrpc":"2.0","id":"a","error":{"code":1,"message":"x"}}', "message"],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":null}', "message"],
    ['{"jsonrpc":"2.0","method":"x"}', "message"],
    ['{"jsonrpc":"2.0","id":1}', "malformed"],
    ['{"jsonrpc":"2.0","id":1,"result":5}', "malformed"],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', "malformed"],
    ['{"jsonrpc":"2.0","id":1,"error":{}}', "malformed"],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":"E1","message":"x"}}', "malformed"],
    ['{"jsonrpc":"1.0","id":1,"result":{}}', "malformed"],
    ['{"level":"info"}', "noise"],
    ["[]", "noise"],
    ["5", "noise"],
    ["Server starting", "noise"],
    ["", "noise"],
  ])("takes %s for a %s", (text, kind) => {
    expect(readFrame(text).kind).toBe(kind);
  });
});

describe("idFromEnds", () => {
  it.each([
    ['{"jsonrpc":"2.0","id":12,"result":{"x', 'y"}}', 12],
    ['{ "id" : "a\\"b" , "jsonrpc', "}}", 'a"b'],
    ['{"result":{"x":"', '"},"jsonrpc":"2.0","id":7}', 7],
    ['{"result":{"x":"', '"},"id":"q","jsonrpc":"2.0"}\r', "q"],
    ['{"result":{"id":1,"x":"', '","id":3}}', undefined],
    ['{"jsonrpc":"2.0","method":"x","params":{"id":1', "}}", undefined],
  ])("reads %s … %s as %j", (head, tail, id) => {
    expect(idFromEnds(head, tail)).toBe(id);
  });
});

describe("textOf", () => {
  const long = { text: "x".repeat(5_000), 'a"b': [1, null, { c: "\u2028" }] };
  it.each([
    ["a request", { id: 1, method: "tools/call", params: { name: "t", arguments: long, _meta: { progressToken: 2 } } }],
    ["one with nothing besides", { id: "a", method: "tools/call", params: { arguments: long } }],
    ["a notification", { method: "notifications/cancelled", params: { requestId: 1 } }],
    ["an answer", { id: 1, result: { arguments: long } }],
  ])("is the JSON of %s, whether that of its arguments is known or not", (_what, rest) => {
    const message = { jsonrpc: "2.0" as const, ...rest };
    expect(JSON.parse(textOf(message as never))).toEqual(message);
    writeOnce(long);
    expect(JSON.parse(textOf(message as never))).toEqual(message);
  });
});
