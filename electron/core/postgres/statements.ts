/** What is said to PostgreSQL, and what it answers. */

export type Value = string | number | boolean | null | readonly (string | number | null)[];
export type Row = Record<string, string | number | null>;
/** Statements, all of one transaction where they were given by one. */
export type Statements = { query: (sql: string, ...params: Value[]) => Promise<Row[]> };
