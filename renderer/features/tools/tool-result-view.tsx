import type { ToolResult } from "../../../shared/tool.ts";
import { JsonTree } from "../../components/json-tree.tsx";
import { ContentBlock, type Origin } from "./content-block.tsx";
import { OutputCheck } from "./output-check.tsx";
import type { JsonSchema } from "./schema-problem.ts";
import classes from "./tool-result-view.module.css";

type ToolResultViewProps = {
  result: ToolResult;
  /** Who answered: the server, and the tool on it. */
  origin: Origin;
  /** What the structured content is checked against; `null` where the tool states nothing, or it is not known. */
  outputSchema?: JsonSchema | null;
};

/** A tool's answer: its blocks in order, and its structured content. */
export function ToolResultView({ result, origin, outputSchema }: ToolResultViewProps) {
  return (
    <div className={classes.result} data-error={result.isError === true}>
      {result.isError && <p className={classes.error}>The tool says that it failed. This is what it answered:</p>}
      {result.content.map((block, index) => (
        <ContentBlock key={index} block={block} origin={origin} />
      ))}
      {result.content.length === 0 && result.structuredContent === undefined && (
        <p className={classes.caption}>The tool answered with no content.</p>
      )}
      {result.structuredContent !== undefined && (
        <figure className={classes.block}>
          <figcaption className={classes.caption}>Structured content</figcaption>
          <JsonTree value={result.structuredContent} label="Structured content" />
        </figure>
      )}
      {outputSchema && result.structuredContent !== undefined && (
        <OutputCheck schema={outputSchema} content={result.structuredContent} />
      )}
    </div>
  );
}
