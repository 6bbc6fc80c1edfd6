/** Lets the form library judge by our own validator in place of ajv, which compiles code. */
import {
  createErrorHandler,
  ErrorSchemaBuilder,
  toErrorSchema,
  unwrapErrorHandler,
  validationDataMerge,
  type CustomValidator,
  type ErrorTransformer,
  type RJSFSchema,
  type RJSFValidationError,
  type UiSchema,
  type ValidationData,
  type ValidatorType,
} from "@rjsf/utils";
import { judge } from "./schema-judge.ts";
import type { SchemaProblem } from "./schema-problem.ts";

/** A validator for forms. A schema that cannot be used has no say: it yields no problems in a form, and fits nothing where a branch is chosen. */
export const schemaValidator: ValidatorType = {
  isValid(schema, formData, rootSchema) {
    const verdict = judge(schema, formData, rootSchema);
    return verdict.kind === "judged" && verdict.problems.length === 0;
  },

  rawValidation(schema: RJSFSchema, formData?: unknown) {
    const verdict = judge(schema, formData);
    return verdict.kind === "judged"
      ? { errors: verdict.problems.map(toFormError) as never[] }
      : { validationError: new Error(verdict.reason) };
  },

  validateFormData(
    formData: unknown,
    schema: RJSFSchema,
    customValidate?: CustomValidator,
    transformErrors?: ErrorTransformer,
    uiSchema?: UiSchema,
  ): ValidationData<unknown> {
    const verdict = judge(schema, formData);
    const problems = verdict.kind === "judged" ? verdict.problems : [];
    let data: ValidationData<unknown> = { errors: problems.map(toFormError), errorSchema: problemTree(problems) };
    if (transformErrors) {
      const errors = transformErrors(data.errors, uiSchema);
      data = { errors, errorSchema: toErrorSchema(errors) };
    }
    if (!customValidate) return data;
    const handler = customValidate(formData, createErrorHandler(formData), uiSchema, data.errorSchema);
    return validationDataMerge(data, unwrapErrorHandler(handler));
  },
};

function toFormError({ path, keyword, message }: SchemaProblem): RJSFValidationError {
  const property = `.${path.join(".")}`;
  return { name: keyword, property, message, stack: `${path.length === 0 ? "The value" : path.join(".")} ${message}` };
}

/** Problems as a form takes them. Built from the paths themselves: a property name may hold a dot. */
export function problemTree(problems: readonly SchemaProblem[]) {
  const builder = new ErrorSchemaBuilder();
  for (const { path, message } of problems) builder.addErrors(message, [...path]);
  return builder.ErrorSchema;
}
