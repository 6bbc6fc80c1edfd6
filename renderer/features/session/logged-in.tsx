import type { ReactNode } from "react";
import { useLink } from "../../api/link.ts";
import { EndingDialog } from "./ending-dialog.tsx";
import { LoginPage } from "./login-page.tsx";

/** What those who are logged in see; others are told how they come to be. In a window everybody is. */
export function LoggedIn({ children }: { children: ReactNode }) {
  const { state } = useLink();
  switch (state.state) {
    case "opening":
      return null;
    case "over":
      return <LoginPage why={state.why} />;
    case "open":
    case "lost":
      return (
        <>
          {children}
          <EndingDialog />
        </>
      );
  }
}
