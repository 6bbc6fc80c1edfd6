export type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** One place where a value does not fit its schema. */
export type SchemaProblem = {
  /** Property names and array indexes from the root to the place. */
  path: readonly string[];
  /** The schema's keyword that is not met. */
  keyword: string;
  message: string;
};

/** `unjudgeable` where the schema itself cannot be used: it then says nothing about the value. */
export type SchemaVerdict =
  { kind: "judged"; problems: readonly SchemaProblem[] } | { kind: "unjudgeable"; reason: string };
