import { useMemo } from "react";
import type { ResourceTemplateView } from "../../../shared/offer.ts";
import { InertText } from "../../components/inert-text.tsx";
import { CompletedField } from "../offers/completed-field.tsx";
import detail from "../offers/offer-detail.module.css";
import { Aside, Fact, OfferFacts, PermissionFact, serverIsDown } from "../offers/offer-facts.tsx";
import { useTexts } from "../tools/call-store.ts";
import { readTemplate } from "./expand-template.ts";
import { ResourceReader } from "./resource-reader.tsx";
import classes from "./template-detail.module.css";
import { useReadPermission } from "./use-read-permission.ts";

type TemplateDetailProps = { template: ResourceTemplateView; serverTitle: string };

/** A family of resources: one field a variable, the address that they make, and what stands there. */
export function TemplateDetail({ template, serverTitle }: TemplateDetailProps) {
  const { server, uriTemplate } = template;
  const read = useMemo(() => readTemplate(uriTemplate), [uriTemplate]);
  const [values, setValue] = useTexts(`${server} ${uriTemplate}`);
  const missing = read?.variables.filter(({ name, optional }) => !optional && !values[name]) ?? [];
  const uri = read?.expand(values) ?? "";
  const isWhole = read !== null && missing.length === 0;
  const permission = useReadPermission(server, isWhole ? uri : "", undefined);
  const obstacle =
    read === null
      ? "Its template cannot be read, so nothing can be filled in."
      : isWhole
        ? null
        : `Fill in ${missing.map(({ name }) => name).join(" and ")}.`;
  return (
    <div className={detail.detail}>
      <OfferFacts
        title={template.title}
        name={template.name}
        serverTitle={serverTitle}
        stale={template.stale ? serverIsDown : null}
        description={template.description}
      >
        <Fact label="Template">
          <InertText text={uriTemplate} maxLength={2000} mono />
        </Fact>
        {template.mimeType && (
          <Fact label="Type">
            <InertText text={template.mimeType} maxLength={120} mono />
          </Fact>
        )}
        <PermissionFact permission={permission ?? template.permission} conditional="may differ by what is filled in" />
      </OfferFacts>
      <ResourceReader server={server} uri={uri} name={template.name} obstacle={obstacle}>
        {read && (
          <div className={classes.fields}>
            {read.variables.map(({ name, optional }) => (
              <CompletedField
                key={name}
                {...{ server, name, values }}
                completes={{ kind: "resource", uriTemplate }}
                label={null}
                description={null}
                required={!optional}
                multiline={false}
                error={null}
                value={values[name] ?? ""}
                onChange={(value) => setValue(name, value)}
              />
            ))}
            <p className={classes.address}>
              <span>Address</span>
              {isWhole ? (
                <output>
                  <InertText text={uri} maxLength={2000} mono />
                </output>
              ) : (
                <Aside>appears once the fields are filled in</Aside>
              )}
            </p>
          </div>
        )}
      </ResourceReader>
    </div>
  );
}
