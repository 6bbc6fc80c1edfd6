import { useMutation } from "@tanstack/react-query";
import { useLink } from "./link.ts";

/** Ends the session; `isOffered` where there is one to end. */
export function useLogOut() {
  const { logOut } = useLink().link;
  const order = useMutation({ mutationFn: async () => logOut?.() });
  return { ...order, isOffered: logOut !== null };
}
