/**
 * Stands in the bundle for `@rjsf/validator-ajv8`, which the form library imports for tests of its own: ajv compiles code, and the
 * page's CSP forbids that. The library takes its validator as a default export.
 */
// oxlint-disable-next-line import/no-default-export -- what is replaced has one
export { schemaValidator as default } from "./schema-validator.ts";
