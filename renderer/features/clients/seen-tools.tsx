import { ScrollArea } from "@mantine/core";
import type { SeenServer } from "../../../shared/access.ts";
import { InertText } from "../../components/inert-text.tsx";
import { seenWords } from "./view-words.ts";
import classes from "./view.module.css";

/** Named of each server; the others are counted. */
const mostNamed = 60;

/** Server by server, what a client would see of what there is now. */
export function SeenTools({ servers }: { servers: readonly SeenServer[] }) {
  return (
    <section className={classes.seen} aria-label="What that is now">
      <p className={classes.sum} role="status">
        {seenWords(servers)}
      </p>
      {servers.length > 0 && (
        <ScrollArea.Autosize className={classes.scroll ?? ""} mah="45vh" type="auto" viewportProps={{ tabIndex: 0 }}>
          <ul className={classes.servers}>
            {servers.map((each) => (
              <SeenServerRow key={each.server} {...each} />
            ))}
          </ul>
        </ScrollArea.Autosize>
      )}
    </section>
  );
}

function SeenServerRow({ server, seen, hidden }: SeenServer) {
  const named = seen.slice(0, mostNamed);
  return (
    <li className={classes.server} data-unseen={seen.length === 0}>
      <span className={classes.id}>{server}</span>
      <span className={classes.number}>
        {seen.length} of {seen.length + hidden}
      </span>
      {named.length > 0 && (
        <p className={classes.tools}>
          {named.map((tool) => (
            <span key={tool} className={classes.tool}>
              <InertText text={tool} maxLength={64} />
            </span>
          ))}
          {seen.length > named.length && <span className={classes.more}>and {seen.length - named.length} more</span>}
        </p>
      )}
    </li>
  );
}
