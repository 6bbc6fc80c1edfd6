import { useMutation } from "@tanstack/react-query";
import { call } from "./client.ts";

/** Each shows its own error where it is asked for. */
const meta = { showsOwnError: true };

export function useBeginSignIn() {
  return useMutation({ mutationFn: (server: string) => call("signIn.begin", { server }), meta });
}

/** Opens the browser; resolves once the person is signed in. */
export function useOpenSignIn() {
  return useMutation({ mutationFn: (server: string) => call("signIn.open", { server }), meta });
}

export function useCancelSignIn() {
  return useMutation({ mutationFn: (server: string) => call("signIn.cancel", { server }) });
}

export function useSignOut() {
  return useMutation({ mutationFn: (server: string) => call("signIn.signOut", { server }) });
}
