import { Button, SegmentedControl } from "@mantine/core";
import { IconDownload, IconExternalLink, IconFileText } from "@tabler/icons-react";
import { useMemo, useState, type ReactNode } from "react";
import { Link } from "react-router-dom";
import { useOpenLink } from "../../api/use-status.ts";
import { formatBytes } from "../../components/format.ts";
import { InertMarkdown } from "../../components/inert-markdown.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { JsonTree } from "../../components/json-tree.tsx";
import { resourcePath } from "../offers/offer-paths.ts";
import { isWebAddress, looksLikeMarkdown, readBlock, readJson, type ReadBlock } from "./read-block.ts";
import { saveContent } from "./save-content.ts";
import classes from "./tool-result-view.module.css";

/** Who answered: a server, and what on it. */
export type Origin = { server: string; name: string };

/** One block of an answer. Text is inert, media are data within the page, and nothing is fetched. */
export function ContentBlock({ block, origin }: { block: unknown; origin: Origin }) {
  return <ShownBlock block={useMemo(() => readBlock(block), [block])} origin={origin} />;
}

/** A block that was looked at. */
export function ShownBlock({ block, origin }: { block: ReadBlock; origin: Origin }) {
  switch (block.kind) {
    case "text":
      return <TextBlock {...block} />;
    case "image":
      return (
        <Figure caption={`${block.mimeType} · ${formatBytes(block.bytes)}`}>
          <img className={classes.image} src={block.url} alt={`What ${origin.name} answered`} />
        </Figure>
      );
    case "audio":
      return (
        <Figure caption={`${block.mimeType} · ${formatBytes(block.bytes)}`}>
          {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- an answer brings none */}
          <audio className={classes.audio} controls src={block.url} aria-label={`What ${origin.name} answered`} />
        </Figure>
      );
    case "link":
      return <LinkBlock {...block} server={origin.server} />;
    case "resource":
      return <ResourceBlock block={block} origin={origin} />;
    case "withheld":
      return <Figure caption={block.reason} />;
    case "unknown":
      return (
        <Figure caption="A kind of content that is not known here">
          <JsonTree value={block.value} label="Content" />
        </Figure>
      );
  }
}

type View = "text" | "tree" | "markdown";

const viewLabels: Record<View, string> = { text: "Text", tree: "Tree", markdown: "Markdown" };

type TextBlockProps = Extract<ReadBlock, { kind: "text" }> & {
  /** Of what the text stands in, e.g. its address; then with what can be done with it. */
  caption?: ReactNode;
  actions?: ReactNode;
};

function TextBlock({ text, written, caption, actions }: TextBlockProps) {
  const open = useOpenLink();
  const json = useMemo(() => readJson(text), [text]);
  const isMarkdown = useMemo(
    () => json === null && (written === "markdown" || looksLikeMarkdown(text)),
    [json, text, written],
  );
  const views: View[] = ["text", ...(json ? ["tree" as const] : []), ...(isMarkdown ? ["markdown" as const] : [])];
  // What the server says of it is how it is meant to be read; what only looks so is offered.
  const meant: View = written === "json" ? "tree" : (written ?? "text");
  const [chosen, setChosen] = useState<View>(meant);
  const view = views.includes(chosen) ? chosen : "text";
  const [Frame, Head] = caption === undefined ? (["div", "div"] as const) : (["figure", "figcaption"] as const);
  return (
    <Frame className={classes.block}>
      {(views.length > 1 || caption !== undefined) && (
        <Head className={classes.bar}>
          <span className={classes.caption}>{caption ?? "Text content"}</span>
          {actions}
          {views.length > 1 && (
            <SegmentedControl
              aria-label="How the text is shown"
              data={views.map((value) => ({ value, label: viewLabels[value] }))}
              value={view}
              onChange={setChosen}
            />
          )}
        </Head>
      )}
      {json && view === "tree" ? (
        <JsonTree value={json.value} label="Text as JSON" />
      ) : view === "markdown" ? (
        <InertMarkdown text={text} onOpen={(address) => open.mutate(address)} />
      ) : (
        <pre className={classes.text}>
          <InertText text={text} multiline maxLength={20_000} expandable />
        </pre>
      )}
    </Frame>
  );
}

type LinkBlockProps = Extract<ReadBlock, { kind: "link" }> & { server: string };

function LinkBlock({ uri, name, description, mimeType, server }: LinkBlockProps) {
  const open = useOpenLink();
  return (
    <Figure caption="Link to a resource">
      <p className={classes.link}>
        <strong>
          <InertText text={name} maxLength={200} />
        </strong>
        <InertText text={uri} maxLength={400} mono />
        {mimeType && <InertText text={mimeType} maxLength={80} className={classes.caption} />}
      </p>
      {description && <InertText text={description} maxLength={600} className={classes.caption} />}
      <p className={classes.link}>
        <Button
          component={Link}
          to={resourcePath({ server, uri })}
          variant="default"
          leftSection={<IconFileText size={14} aria-hidden />}
        >
          Show in Resources
        </Button>
        {isWebAddress(uri) && (
          <Button
            variant="default"
            leftSection={<IconExternalLink size={14} aria-hidden />}
            onClick={() => open.mutate(uri)}
          >
            Open in the browser
          </Button>
        )}
      </p>
    </Figure>
  );
}

function ResourceBlock({ block, origin }: { block: Extract<ReadBlock, { kind: "resource" }>; origin: Origin }) {
  const { uri, mimeType, content, file } = block;
  const caption = <InertText text={mimeType === null ? uri : `${uri} · ${mimeType}`} maxLength={400} mono />;
  const actions = file && (
    <Button
      className={classes.save}
      variant="subtle"
      color="gray"
      leftSection={<IconDownload size={14} aria-hidden />}
      onClick={() => saveContent(file)}
    >
      Save…
    </Button>
  );
  if (content?.kind === "text") return <TextBlock {...content} caption={caption} actions={actions} />;
  return (
    <Figure caption={caption} actions={actions}>
      {content && <ShownBlock block={content} origin={origin} />}
    </Figure>
  );
}

type FigureProps = { caption: ReactNode; actions?: ReactNode; children?: ReactNode };

function Figure({ caption, actions, children }: FigureProps) {
  return (
    <figure className={classes.block}>
      <figcaption className={classes.caption}>
        <span>{caption}</span>
        {actions}
      </figcaption>
      {children}
    </figure>
  );
}
