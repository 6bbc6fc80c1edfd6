import { ProtocolError, SdkError, SdkErrorCode, type JSONRPCResponse, type Tool } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { SchemaValidator } from "../schema-validator.ts";
import { assertOutputFits, readCallResult } from "./call-result.ts";

const answer = (rest: object) => ({ jsonrpc: "2.0", id: 1, ...rest }) as JSONRPCResponse;
const thrownBy = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("it threw nothing");
};

describe("the result of tools/call", () => {
  it("is what the server answered, with what the protocol leaves open", () => {
    const result = {
      content: [{ type: "text", text: "hi" }],
      structuredContent: { n: 1 },
      isError: true,
      _meta: { a: 1 },
    };
    expect(readCallResult("tools/call", answer({ result }))).toEqual(result);
    expect(readCallResult("tools/call", answer({ result: { structuredContent: {} } }))).toMatchObject({ content: [] });
  });

  it("is an error of the server's, where it answered with one", () => {
    const error = thrownBy(() =>
      readCallResult("tools/call", answer({ error: { code: -32602, message: "no", data: { why: 1 } } })),
    );
    expect(ProtocolError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining("no"), data: { why: 1 } });
  });

  it.each([[{ content: "text" }], [{ content: [{ type: "text" }] }], [{ content: [null] }]])(
    "is refused where it breaks the protocol: %j",
    (result) => {
      const error = thrownBy(() => readCallResult("tools/call", answer({ result })));
      expect(error).toBeInstanceOf(SdkError);
      expect(error).toMatchObject({ code: SdkErrorCode.InvalidResult, message: expect.stringContaining("content") });
    },
  );
});

describe("structured content", () => {
  const validator = new SchemaValidator();
  const outputSchema = { type: "object" as const, properties: { n: { type: "number" } }, required: ["n"] };
  const tool: Tool = { name: "count", inputSchema: { type: "object" }, outputSchema };
  const check = (result: object, of: Tool | undefined = tool) =>
    assertOutputFits({ content: [], ...result }, of, validator);

  it("passes where it fits, and where nothing is promised", () => {
    expect(() => check({ structuredContent: { n: 1 } })).not.toThrow();
    expect(() => check({ isError: true })).not.toThrow();
    expect(() => check({}, { ...tool, outputSchema: undefined })).not.toThrow();
    expect(() => assertOutputFits({ content: [] }, undefined, validator)).not.toThrow();
  });

  it("is missed where the tool promised it", () => {
    expect(thrownBy(() => check({}))).toMatchObject({ message: expect.stringContaining("no structured content") });
  });

  it("is refused where it is not what the tool promised", () => {
    expect(thrownBy(() => check({ structuredContent: { n: "1" } }))).toMatchObject({
      message: expect.stringMatching(/count does not fit its output schema: .*n/),
    });
  });
});
