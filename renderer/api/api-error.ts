import type { ErrorCode, WireError } from "../../shared/errors.ts";

/** A failure that the core told of, with all that a person needs to act on it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Wall-clock milliseconds before which trying again is pointless. */
  readonly retryAt: number | undefined;
  readonly invocationId: string | undefined;
  readonly ticketId: string | undefined;

  constructor(error: WireError) {
    super(error.message);
    this.code = error.code;
    this.hint = error.hint;
    this.retryAt = error.retryAt;
    this.invocationId = error.invocationId;
    this.ticketId = error.ticketId;
  }
}
