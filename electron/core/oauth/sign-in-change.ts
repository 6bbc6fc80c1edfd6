/** Somebody signed in to a server, or a sign-in is over. */
export type SignInChange = {
  server: string;
  issuer: string;
  /** Who did it: a person's seat, or `switchgear`. */
  by: string;
} & ({ kind: "sign-in"; scopes: readonly string[]; clientId: string } | { kind: "sign-out"; why: string });
