import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";
import { MCPRefusedError } from "./errors.ts";

type Check = (args: unknown) => string | null;

/** Checks arguments against a tool's input schema before anything is sent. Each schema is compiled once. */
export class ArgumentCheck {
  #validator = new AjvJsonSchemaValidator();
  #checks = new WeakMap<object, Check>();

  /** @throws MCPRefusedError `invalid_arguments`, naming the arguments that do not fit. */
  assertFit(server: string, tool: { name: string; inputSchema: object }, args: Record<string, unknown>): void {
    const problem = this.#checkFor(tool.inputSchema)(args);
    if (problem === null) return;
    throw new MCPRefusedError("invalid_arguments", `The arguments do not fit ${server}.${tool.name}: ${problem}`, {
      hint: "Compare them with the tool's input schema; nothing was sent.",
    });
  }

  #checkFor(schema: object): Check {
    let check = this.#checks.get(schema);
    if (!check) this.#checks.set(schema, (check = this.#compile(schema)));
    return check;
  }

  /** A schema that cannot be compiled judges nothing: the server has its own check. */
  #compile(schema: object): Check {
    try {
      const validate = this.#validator.getValidator(schema);
      return (args) => {
        const outcome = validate(args);
        return outcome.valid ? null : outcome.errorMessage;
      };
    } catch {
      return () => null;
    }
  }
}
