import type {
  JsonSchemaType,
  JsonSchemaValidator,
  jsonSchemaValidator,
  JsonSchemaValidatorResult,
} from "@modelcontextprotocol/client";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";
import { hasLongText, withoutCostlyPatterns } from "../../shared/costly-pattern.ts";

/**
 * Judges values by the schemas that servers give, which may be broken or hostile: a pattern that might take long is not matched,
 * and a schema that cannot be used lets everything pass. Each schema is compiled when it is first needed.
 */
export class SchemaValidator implements jsonSchemaValidator {
  #validators = new WeakMap<object, JsonSchemaValidator<unknown>>();

  getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
    let validator = this.#validators.get(schema);
    if (!validator) this.#validators.set(schema, (validator = create(schema)));
    return validator as JsonSchemaValidator<T>;
  }
}

function create<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
  const compiled = new Map<boolean, JsonSchemaValidator<T>>();
  return (value) => {
    try {
      const isLong = hasLongText(value);
      let validate = compiled.get(isLong);
      if (!validate) compiled.set(isLong, (validate = compile(schema, isLong)));
      return validate(value);
    } catch {
      // It is nested too deeply to be walked.
      return passes(value);
    }
  };
}

function compile<T>(schema: JsonSchemaType, isLong: boolean): JsonSchemaValidator<T> {
  try {
    // With a compiler of its own, as one compiler takes two schemas with the same `$id` for one.
    return new AjvJsonSchemaValidator().getValidator<T>(withoutCostlyPatterns(schema, isLong));
  } catch {
    return passes;
  }
}

function passes<T>(value: unknown): JsonSchemaValidatorResult<T> {
  return { valid: true, data: value as T, errorMessage: undefined };
}
