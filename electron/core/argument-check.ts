import type { JsonSchemaValidator } from "@modelcontextprotocol/client";
import { MCPRefusedError } from "./errors.ts";
import { SchemaValidator } from "./schema-validator.ts";

type Check = JsonSchemaValidator<unknown>;

/** Checks arguments against a tool's input schema before anything is sent: what it leaves open, the server judges itself. */
export class ArgumentCheck {
  #validator = new SchemaValidator();
  #checks = new WeakMap<object, Check>();

  /** @throws MCPRefusedError `invalid_arguments`, naming the arguments that do not fit. */
  assertFit(server: string, tool: { name: string; inputSchema: object }, args: Record<string, unknown>): void {
    const { valid, errorMessage: problem } = this.#checkFor(tool.inputSchema)(args);
    if (valid) return;
    throw new MCPRefusedError("invalid_arguments", `The arguments do not fit ${server}.${tool.name}: ${problem}`, {
      hint: "Compare them with the tool's input schema; nothing was sent.",
    });
  }

  #checkFor(schema: object): Check {
    let check = this.#checks.get(schema);
    if (!check) this.#checks.set(schema, (check = this.#validator.getValidator(schema)));
    return check;
  }
}
