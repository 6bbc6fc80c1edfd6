import type {
  JsonSchemaType,
  JsonSchemaValidator,
  jsonSchemaValidator,
  JsonSchemaValidatorResult,
} from "@modelcontextprotocol/client";
import { addFormats, Ajv, AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";
import { hasLongText, withoutCostlyPatterns } from "../../shared/costly-pattern.ts";
import { faultWords, type SchemaFault } from "./schema-faults.ts";

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
    const safe = withoutCostlyPatterns(schema, isLong);
    const engine = engineFor(safe);
    if (!engine) return new AjvJsonSchemaValidator().getValidator<T>(safe);
    const fits = engine.compile(safe);
    return (value) => {
      if (fits(value)) return passes(value);
      const errorMessage = faultWords((fits.errors ?? []) as SchemaFault[], value);
      return { valid: false, data: undefined, errorMessage };
    };
  } catch {
    return passes;
  }
}

type Engine = Pick<InstanceType<typeof Ajv>, "compile">;

/**
 * A compiler of its own for each schema, as one compiler takes two schemas with the same `$id` for one. `null` for the dialect that
 * only the SDK has a compiler for.
 */
function engineFor(schema: JsonSchemaType): Engine | null {
  const dialect = schema["$schema"] ?? "2020-12";
  if (/draft-0[67]/.test(dialect)) {
    const ajv = new Ajv({ strict: false, validateFormats: true, validateSchema: false, allErrors: true });
    addFormats(ajv);
    return ajv;
  }
  // The SDK bundles this engine and does not export its class.
  return dialect.includes("2020-12") ? (new AjvJsonSchemaValidator()["ajv"] as Engine) : null;
}

function passes<T>(value: unknown): JsonSchemaValidatorResult<T> {
  return { valid: true, data: value as T, errorMessage: undefined };
}
