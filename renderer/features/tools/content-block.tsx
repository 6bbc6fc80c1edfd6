import { Button, SegmentedControl } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useMemo, useState, type ReactNode } from "react";
import { useOpenLink } from "../../api/use-status.ts";
import { formatBytes } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { JsonTree } from "../../components/json-tree.tsx";
import { isWebAddress, readBlock, readJson, type ReadBlock } from "./read-block.ts";
import classes from "./tool-result-view.module.css";

/** One block of a tool's answer. Text is inert, media are data within the page, and nothing is fetched. */
export function ContentBlock({ block, toolName }: { block: unknown; toolName: string }) {
  return <Read block={useMemo(() => readBlock(block), [block])} toolName={toolName} />;
}

function Read({ block, toolName }: { block: ReadBlock; toolName: string }) {
  switch (block.kind) {
    case "text":
      return <TextBlock text={block.text} />;
    case "image":
      return (
        <Figure caption={`${block.mimeType} · ${formatBytes(block.bytes)}`}>
          <img className={classes.image} src={block.url} alt={`What ${toolName} answered`} />
        </Figure>
      );
    case "audio":
      return (
        <Figure caption={`${block.mimeType} · ${formatBytes(block.bytes)}`}>
          {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- a tool's answer brings none */}
          <audio className={classes.audio} controls src={block.url} aria-label={`What ${toolName} answered`} />
        </Figure>
      );
    case "link":
      return <LinkBlock {...block} />;
    case "resource":
      return (
        <Figure caption={<InertText text={captionOf(block)} maxLength={400} mono />}>
          {block.content && <Read block={block.content} toolName={toolName} />}
        </Figure>
      );
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

function TextBlock({ text }: { text: string }) {
  const json = useMemo(() => readJson(text), [text]);
  const [view, setView] = useState("text");
  return (
    <div className={classes.block}>
      {json && (
        <SegmentedControl
          className={classes.switch}
          aria-label="How the text is shown"
          data={[
            { value: "text", label: "Text" },
            { value: "tree", label: "Tree" },
          ]}
          value={view}
          onChange={setView}
        />
      )}
      {json && view === "tree" ? (
        <JsonTree value={json.value} label="Text as JSON" />
      ) : (
        <pre className={classes.text}>
          <InertText text={text} multiline maxLength={20_000} expandable />
        </pre>
      )}
    </div>
  );
}

function LinkBlock({ uri, name, description, mimeType }: Extract<ReadBlock, { kind: "link" }>) {
  const open = useOpenLink();
  return (
    <Figure caption="Link to a resource">
      <p className={classes.link}>
        <strong>
          <InertText text={name} maxLength={200} />
        </strong>
        <InertText text={uri} maxLength={400} mono />
        {mimeType && <InertText text={mimeType} maxLength={80} className={classes.caption} />}
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
      {description && <InertText text={description} maxLength={600} className={classes.caption} />}
    </Figure>
  );
}

function Figure({ caption, children }: { caption: ReactNode; children?: ReactNode }) {
  return (
    <figure className={classes.block}>
      <figcaption className={classes.caption}>{caption}</figcaption>
      {children}
    </figure>
  );
}

function captionOf({ uri, mimeType }: Extract<ReadBlock, { kind: "resource" }>): string {
  return mimeType === null ? uri : `${uri} · ${mimeType}`;
}
