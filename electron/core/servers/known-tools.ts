import type { Tool } from "@modelcontextprotocol/client";
import type { ToolResult } from "../../../shared/tool.ts";
import type { SchemaValidator } from "../schema-validator.ts";
import { assertOutputFits } from "./call-result.ts";

/** The tools of one session as its server listed them last: later calls are made, and judged, by their definitions. */
export class KnownTools {
  #validator: SchemaValidator;
  #tools = new Map<string, Tool>();

  constructor(validator: SchemaValidator) {
    this.#validator = validator;
  }

  learn(tools: readonly Tool[]): void {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  /** @param params of a call */
  of(params: Record<string, unknown>): Tool | undefined {
    return this.#tools.get(params["name"] as string);
  }

  /** @throws ProtocolError as `assertOutputFits` does */
  assertFits(result: ToolResult, params: Record<string, unknown>): void {
    assertOutputFits(result, this.of(params), this.#validator);
  }
}
