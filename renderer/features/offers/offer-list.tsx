import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "react-router-dom";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { useKeys } from "../../components/use-keys.ts";
import { groupByServer, type Offer } from "./group-by-server.ts";
import classes from "./offer-list.module.css";

type OfferListProps<T extends Offer> = {
  /** What one of them is called: `tool`. */
  noun: string;
  offers: readonly T[];
  /** Servers' titles by id. */
  titles: ReadonlyMap<string, string>;
  /** What the address points to: one of them by its path, or all of a server. */
  current: string | null;
  server: string | null;
  /** Where one is shown; it tells them apart as well. */
  pathOf: (offer: T) => string;
  /** What is searched beside name, title and description. */
  searched?: (offer: T) => string;
  /** What comes after all others of its server. */
  isLast?: (offer: T) => boolean;
  /** A second line below the name. */
  detailOf?: (offer: T) => ReactNode;
  /** At the right of the name. */
  marksOf: (offer: T) => ReactNode;
};

/** Everything of one kind that servers offer. Arrow keys move, Enter opens, `/` searches. */
export function OfferList<T extends Offer>(props: OfferListProps<T>) {
  const { noun, offers, titles, current, server: pointed, pathOf, searched, isLast, detailOf, marksOf } = props;
  const [text, setText] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const groups = useMemo(() => groupByServer(offers, text, searched, isLast), [offers, text, searched, isLast]);
  const paths = groups.flatMap(({ items }) => items.map(pathOf));
  const [active, setActive] = useState<string | null>(null);
  // The list is one stop of the Tab key; the arrows move within it.
  const stop = [active, current].find((path) => path !== null && paths.includes(path)) ?? paths[0];
  useKeys({ "/": () => search.current?.focus() });

  useEffect(() => {
    const target = list.current?.querySelector("[aria-current]") ?? list.current?.querySelector("[data-pointed]");
    target?.scrollIntoView({ block: "nearest" });
  }, [pointed, current]);

  const links = () => [...(list.current?.querySelectorAll("a") ?? [])];
  const onSearchKey = (event: KeyboardEvent) => {
    const first = links()[0];
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter") first?.click();
    else if (event.key === "Escape") setText("");
    else return;
    event.preventDefault();
  };
  const onListKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = links();
    const next = all.findIndex((link) => link === document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? search.current : all[next])?.focus();
    event.preventDefault();
  };

  return (
    <div className={classes.pane}>
      <div className={classes.search}>
        <TextInput
          ref={search}
          aria-label={`Search ${noun}s`}
          placeholder={`Search ${noun}s`}
          leftSection={<IconSearch size={14} aria-hidden />}
          rightSection={<kbd>/</kbd>}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onSearchKey}
        />
        <p className={classes.count} role="status">
          {text === "" ? formatCount(offers.length, noun) : `${paths.length} of ${formatCount(offers.length, noun)}`}
        </p>
      </div>
      <ul className={classes.list} aria-label={`${noun[0]?.toUpperCase()}${noun.slice(1)}s`} ref={list}>
        {groups.map(({ server, stale, items }) => (
          <li key={server} data-pointed={server === pointed || undefined}>
            <h2 className={classes.server}>
              <InertText text={titles.get(server) ?? server} maxLength={80} />
              {stale && (
                <span className={classes.stale} title="The server is down: this is the last list that it gave.">
                  stale
                </span>
              )}
              <span className={classes.size}>{items.length}</span>
            </h2>
            <ul className={classes.group}>
              {items.map((offer) => {
                const path = pathOf(offer);
                return (
                  <OfferItem
                    key={path}
                    {...{ offer, path }}
                    detail={detailOf?.(offer)}
                    marks={marksOf(offer)}
                    isCurrent={path === current}
                    isStop={path === stop}
                    onFocus={() => setActive(path)}
                    onKeyDown={onListKey}
                  />
                );
              })}
            </ul>
          </li>
        ))}
        {paths.length === 0 && <li className={classes.none}>No {noun} matches. Escape clears the search.</li>}
      </ul>
    </div>
  );
}

type OfferItemProps = {
  offer: Offer;
  path: string;
  detail: ReactNode;
  marks: ReactNode;
  isCurrent: boolean;
  /** Whether the Tab key stops here. */
  isStop: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

function OfferItem({ offer, path, detail, marks, isCurrent, isStop, onFocus, onKeyDown }: OfferItemProps) {
  const marksId = useId();
  return (
    <li>
      <Link
        to={path}
        className={classes.item}
        aria-label={`${offer.name} on ${offer.server}`}
        aria-describedby={marksId}
        tabIndex={isStop ? 0 : -1}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
        aria-current={isCurrent ? "page" : undefined}
      >
        <span className={classes.name}>
          <InertText text={offer.name} maxLength={80} mono />
          {detail && <span className={classes.detail}>{detail}</span>}
        </span>
        <span id={marksId} className={classes.marks}>
          {marks}
        </span>
      </Link>
    </li>
  );
}
