import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router-dom";
import { useNow } from "../../components/use-now.ts";
import { readChoice, toFilter, writeChoice, type FilterChoice } from "./filter-params.ts";

/** What the address says of the log: the filter, and the call whose timeline is open. */
export function useLogFilter() {
  const [params, setParams] = useSearchParams();
  const openId = params.get("call");
  const address = writeChoice(readChoice(params)).toString();
  const choice = useMemo(() => readChoice(new URLSearchParams(address)), [address]);

  // A span counts back from when it was chosen: were it to move, the log would be asked for anew all the time.
  const now = useNow(60_000);
  const [anchor, setAnchor] = useState({ since: choice.since, at: now });
  if (anchor.since !== choice.since) setAnchor({ since: choice.since, at: now });
  const filter = useMemo(() => toFilter(choice, anchor.at), [choice, anchor.at]);

  const show = useCallback(
    (next: FilterChoice, call: string | null) => {
      const search = writeChoice(next);
      if (call !== null) search.set("call", call);
      setParams(search, { replace: true });
    },
    [setParams],
  );
  return { address, choice, filter, openId, show };
}
