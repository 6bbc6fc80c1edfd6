/** A server's request to its client that is not carried out. Its server reads the code and the words, and its call goes on. */
export class InputRefusal extends Error {
  /** Of JSON-RPC. */
  readonly code: number;
  /** `refused` by whoever was asked or by Switchgear, or not answered in time. */
  readonly outcome: "refused" | "expired";

  constructor(code: number, message: string, outcome: "refused" | "expired" = "refused") {
    super(message);
    this.name = "InputRefusal";
    this.code = code;
    this.outcome = outcome;
  }
}

/** JSON-RPC: the client offers no such thing. */
export const notOffered = -32_601;
/** JSON-RPC: a request that makes no sense as it stands. */
export const invalidRequest = -32_600;
/** JSON-RPC: parameters that cannot be used. */
export const invalidParams = -32_602;
/** What the protocol answers where a person says no. */
export const saidNo = -1;
