import { UriTemplate } from "@modelcontextprotocol/sdk/shared/uriTemplate.js";

export type TemplateVariable = {
  name: string;
  /** Part of a query, which may be left out. */
  optional: boolean;
};

export type ReadTemplate = {
  /** Each once, in the order in which they stand. */
  variables: readonly TemplateVariable[];
  expand(values: Readonly<Record<string, string>>): string;
};

/** A template of RFC 6570 as a form needs it. @returns `null` for one that cannot be read. */
export function readTemplate(template: string): ReadTemplate | null {
  try {
    const uri = new UriTemplate(template);
    const queries = [...template.matchAll(/\{[?&]([^}]*)\}/g)].flatMap(([, names = ""]) => names.split(","));
    const optional = new Set(queries.map((name) => name.replace(/[*:].*$/, "").trim()));
    const names = [...new Set(uri.variableNames)];
    return {
      variables: names.map((name) => ({ name, optional: optional.has(name) })),
      expand: (values) => uri.expand({ ...values }),
    };
  } catch {
    return null;
  }
}
