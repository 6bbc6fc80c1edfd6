import { CopyButton, Button } from "@mantine/core";
import type { EndpointState } from "../../../shared/endpoint.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./access.module.css";

/** Where it listens, or why it does not. */
export function EndpointLine({ state, path = "" }: { state: EndpointState; path?: string }) {
  switch (state.state) {
    case "off":
      return null;
    case "starting":
      return <p className={classes.quiet}>Starting…</p>;
    case "failed":
      return <ErrorState error={state.error} />;
    case "listening":
      return (
        <div className={classes.address}>
          <span className={classes.quiet}>Listens at</span>
          <code className={classes.code}>
            <InertText text={state.url + path} />
          </code>
          <CopyButton value={state.url + path}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="subtle" color="gray" onClick={copy}>
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        </div>
      );
  }
}
