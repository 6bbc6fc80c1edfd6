/** The seats of the person at the console, as records and policies name who calls and who decides: its window, and a browser. */
export const operators = ["console", "browser"] as const;
export type Operator = (typeof operators)[number];

export function isOperator(client: string): client is Operator {
  return (operators as readonly string[]).includes(client);
}
