/** What a person needs of a failure, whatever was thrown. */
export function describeError(error: unknown): { message: string; hint: string | undefined; code: string | undefined } {
  if (typeof error === "string") return { message: error, hint: undefined, code: undefined };
  if (typeof error !== "object" || error === null) {
    return { message: "Something failed without saying why.", hint: undefined, code: undefined };
  }
  const { message, hint, code } = error as { message?: unknown; hint?: unknown; code?: unknown };
  return {
    message: typeof message === "string" && message !== "" ? message : "Something failed without saying why.",
    hint: typeof hint === "string" ? hint : undefined,
    code: typeof code === "string" ? code : undefined,
  };
}
