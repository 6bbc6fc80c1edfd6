import { Button, Popover } from "@mantine/core";
import { IconExternalLink, IconPhoto, IconSquare, IconSquareCheck } from "@tabler/icons-react";
import { parser, RuleType, type MarkdownToJSX } from "markdown-to-jsx/react";
import { Fragment, useMemo, type ReactNode } from "react";
import { cutText } from "./hidden-characters.ts";
import classes from "./inert-markdown.module.css";
import { InertText } from "./inert-text.tsx";

type Node = MarkdownToJSX.ASTNode;
type Render = { onOpen: (address: string) => void; depth: number };

type InertMarkdownProps = {
  text: string;
  /** Told of a web address that a person wants to open, after they have seen it. */
  onOpen: (address: string) => void;
  /** In characters; the rest is counted. */
  maxLength?: number;
};

const formats: Readonly<Record<string, "strong" | "em" | "del" | "mark">> = {
  strong: "strong",
  em: "em",
  del: "del",
  mark: "mark",
};

const headings = { 1: "h3", 2: "h4", 3: "h5", 4: "h6", 5: "h6", 6: "h6" } as const;

/** Deeper than any text that a person wrote. */
const deepest = 16;

/**
 * Markdown that a server wrote, as a person reads it. Its HTML stands there as text, links show their address before they lead
 * anywhere, pictures are named and not fetched, and definitions that Markdown would hide are listed.
 */
export function InertMarkdown({ text, onOpen, maxLength = 50_000 }: InertMarkdownProps) {
  const shown = cutText(text, maxLength);
  const nodes = useMemo(() => parser(shown, { disableParsingRawHTML: true }), [shown]);
  return (
    <div className={classes.markdown} dir="auto">
      <Nodes nodes={nodes} onOpen={onOpen} depth={0} />
      {shown.length < text.length && (
        <p className={classes.note}>
          … {(text.length - shown.length).toLocaleString("en")} more characters, shown as text.
        </p>
      )}
    </div>
  );
}

function Nodes({ nodes, ...render }: { nodes: readonly Node[] } & Render) {
  if (render.depth > deepest) return <span className={classes.note}>… nested too deep to be shown</span>;
  return nodes.map((node, index) => (
    <Fragment key={index}>
      <One node={node} {...render} depth={render.depth + 1} />
    </Fragment>
  ));
}

function One({ node, ...render }: { node: Node } & Render): ReactNode {
  const within = (nodes: readonly Node[]) => <Nodes nodes={nodes} {...render} />;
  switch (node.type) {
    case RuleType.text:
      return <InertText text={node.text} multiline maxLength={20_000} />;
    case RuleType.paragraph:
      return <p>{within(node.children)}</p>;
    case RuleType.heading: {
      // The page has headings of its own above.
      const Heading = headings[node.level];
      return <Heading data-level={node.level}>{within(node.children)}</Heading>;
    }
    case RuleType.textFormatted: {
      const Format = formats[node.tag] ?? "span";
      return <Format>{within(node.children)}</Format>;
    }
    case RuleType.codeInline:
      return (
        <code>
          <InertText text={node.text} />
        </code>
      );
    case RuleType.codeBlock:
      return <Pre text={node.text} />;
    case RuleType.frontmatter:
      return <Pre text={node.text} />;
    case RuleType.blockQuote:
      return (
        <blockquote>
          {node.alert && <strong>{node.alert}</strong>}
          {within(node.children)}
        </blockquote>
      );
    case RuleType.unorderedList:
      return (
        <ul>
          {node.items.map((item, index) => (
            <li key={index}>{within(item)}</li>
          ))}
        </ul>
      );
    case RuleType.orderedList:
      return (
        <ol start={node.start}>
          {node.items.map((item, index) => (
            <li key={index}>{within(item)}</li>
          ))}
        </ol>
      );
    case RuleType.gfmTask:
      return node.completed ? (
        <IconSquareCheck size={14} role="img" aria-label="done" />
      ) : (
        <IconSquare size={14} role="img" aria-label="to do" />
      );
    case RuleType.table:
      return <Table node={node} within={within} />;
    case RuleType.link:
      return <MarkdownLink node={node} onOpen={render.onOpen} label={within(node.children)} />;
    case RuleType.image:
      return (
        <span className={classes.picture}>
          <IconPhoto size={14} aria-hidden />
          <InertText text={node.alt || "Picture"} maxLength={200} />
          <span className={classes.note}>
            not fetched{node.target !== null && ": "}
            <InertText text={node.target ?? ""} maxLength={400} mono />
          </span>
        </span>
      );
    case RuleType.footnoteReference:
      return (
        <sup>
          <InertText text={`[${node.text}]`} maxLength={40} />
        </sup>
      );
    case RuleType.refCollection:
      return <Definitions refs={node.refs} />;
    case RuleType.breakLine:
      return <br />;
    case RuleType.breakThematic:
      return <hr />;
    case RuleType.htmlComment:
      return <InertText text={`<!--${node.text}-->`} multiline />;
    case RuleType.htmlBlock:
    case RuleType.htmlSelfClosing:
      return (
        <>
          <InertText text={`<${node.tag}>`} />
          {"children" in node && node.children && within(node.children)}
        </>
      );
    case RuleType.footnote:
    case RuleType.ref:
      // They stand among the definitions.
      return null;
  }
}

function Pre({ text }: { text: string }) {
  return (
    <pre>
      <InertText text={text} multiline maxLength={20_000} expandable />
    </pre>
  );
}

type TableProps = { node: MarkdownToJSX.TableNode; within: (nodes: readonly Node[]) => ReactNode };

function Table({ node, within }: TableProps) {
  const alignOf = (column: number) => ({ textAlign: node.align[column] ?? undefined });
  return (
    <table>
      <thead>
        <tr>
          {node.header.map((cell, column) => (
            <th key={column} style={alignOf(column)}>
              {within(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {node.cells.map((row, line) => (
          <tr key={line}>
            {row.map((cell, column) => (
              <td key={column} style={alignOf(column)}>
                {within(cell)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type MarkdownLinkProps = { node: MarkdownToJSX.LinkNode; label: ReactNode; onOpen: (address: string) => void };

/** A link that shows where it leads, and leads there only from what shows it. */
function MarkdownLink({ node: { target, title }, label, onOpen }: MarkdownLinkProps) {
  const isWeb = target !== null && /^https?:\/\//i.test(target);
  return (
    <Popover position="bottom-start" width={420} withinPortal trapFocus>
      <Popover.Target>
        <button type="button" className={classes.link}>
          {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.address}>
        <InertText text={target ?? "Its address is none that can be followed."} maxLength={2000} mono />
        {title && (
          <p className={classes.note}>
            <InertText text={title} maxLength={400} />
          </p>
        )}
        {isWeb ? (
          <Button
            variant="default"
            leftSection={<IconExternalLink size={14} aria-hidden />}
            onClick={() => onOpen(target)}
          >
            Open in the browser
          </Button>
        ) : (
          target !== null && <p className={classes.note}>It leads to no page of the web, so it is not opened here.</p>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** What links and footnotes stand for. Markdown shows only what is used of it. */
function Definitions({ refs }: { refs: MarkdownToJSX.ReferenceCollectionNode["refs"] }) {
  const all = Object.entries(refs);
  if (all.length === 0) return null;
  return (
    <ul className={classes.definitions} aria-label="Definitions">
      {all.map(([name, { target, title }]) => (
        <li key={name}>
          <InertText text={`[${name}] ${target}${title ? ` "${title}"` : ""}`} maxLength={1000} />
        </li>
      ))}
    </ul>
  );
}
