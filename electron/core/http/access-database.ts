export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** What the tokens need of the journal's database. */
export type AccessDatabase = {
  all(sql: string, ...params: SqlValue[]): SqlRow[];
  /** @returns how many rows it changed */
  run(sql: string, ...params: SqlValue[]): number;
  write<T>(work: () => T, options?: { durable?: boolean }): T;
};
