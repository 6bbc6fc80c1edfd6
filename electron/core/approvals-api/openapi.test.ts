import { Validator as JsonValidator, type Schema } from "@cfworker/json-schema";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { ApiFixture, readEvents } from "./fixtures/api-fixture.ts";
import { describeApi } from "./openapi.ts";

type Description = {
  info: { version: string };
  paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, { schema: Schema }> }> }>>;
  components: Schema;
};

describe("the description of the approvals API", () => {
  it("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(describeApi("1.2.3") as Record<string, unknown>);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it("is served, and true of what is answered", async () => {
    await using fixture = await ApiFixture.open();
    const { ticket, call } = await fixture.waiting();
    const description = (await (await fixture.ask("/openapi.json")).json()) as Description;
    expect(description.info.version).toBe("1.2.3");
    const checked = new Set<string>();

    async function check(path: string, method: "get" | "post", answer: Response) {
      const described = description.paths[path]?.[method]?.responses[String(answer.status)];
      expect(described, `${method} ${path} does not describe ${answer.status}`).toBeDefined();
      const schema = {
        ...described!.content["application/json"]!.schema,
        components: description.components,
      } as Schema;
      const { valid, errors } = new JsonValidator(schema, "2020-12", false).validate(await answer.json());
      expect(errors).toEqual([]);
      expect(valid).toBe(true);
      checked.add(`${method} ${path} ${answer.status}`);
    }

    const one = `/v1/tickets/${ticket.id}`;
    await check("/v1/tickets", "get", await fixture.ask("/v1/tickets"));
    await check("/v1/tickets/{id}", "get", await fixture.ask(one));
    await check("/v1/tickets/{id}", "get", await fixture.ask("/v1/tickets/none"));
    await check("/v1/tickets", "get", await fixture.ask("/v1/tickets?state=odd"));
    await check("/v1/tickets", "get", await fixture.ask("/v1/tickets", { headers: { authorization: "" } }));
    await check("/v1/tickets", "get", await fixture.ask("/v1/tickets", { headers: { origin: "http://evil.test" } }));
    await check("/v1/tickets/{id}/deny", "post", await fixture.post(`${one}/deny`, {}));
    await check("/v1/tickets/{id}/deny", "post", await fixture.ask(`${one}/deny`, { method: "POST", body: "x" }));
    await check("/v1/tickets/{id}/deny", "post", await fixture.post(`${one}/deny`, { reason: "x".repeat(1_100_000) }));
    const args = { message: "hello ".repeat(200_000) };
    await check("/v1/tickets/{id}/approve", "post", await fixture.post(`${one}/approve`, { args: { message: 5 } }));
    await check("/v1/tickets/{id}/approve", "post", await fixture.post(`${one}/approve`, { args }));
    const grant = { kind: "time", minutes: 5 };
    await check("/v1/tickets/{id}/approve", "post", await fixture.post(`${one}/approve`, { grant }));
    await check("/v1/tickets/{id}/approve", "post", await fixture.post(`${one}/approve`));
    await call;
    const [granted] = fixture.core.core.grants.list();
    const revoke = `/v1/grants/${granted!.id}/revoke`;
    await check("/v1/grants", "get", await fixture.ask("/v1/grants"));
    await check("/v1/grants", "get", await fixture.ask("/v1/grants?state=odd"));
    await check("/v1/grants/{id}/revoke", "post", await fixture.post(revoke, {}));
    await check("/v1/grants/{id}/revoke", "post", await fixture.post("/v1/grants/none/revoke", { reason: "Enough." }));
    await check("/v1/grants/{id}/revoke", "post", await fixture.post(revoke, { reason: "Enough." }));
    await check("/v1/grants/{id}/revoke", "post", await fixture.post(revoke, { reason: "Enough." }));
    await check("/v1/grants", "get", await fixture.ask("/v1/grants?state=all"));
    await check("/v1/tickets", "get", await fixture.ask("/v1/tickets?state=resolved"));
    const statuses = [...checked].map((each) => Number(each.split(" ").at(-1)));
    expect(new Set(statuses)).toEqual(new Set([200, 400, 401, 403, 404, 409, 413, 415]));

    const events = readEvents(await fixture.ask("/v1/events"));
    const snapshot = (await events.next()).value!;
    const list = { $ref: "#/components/schemas/TicketList", components: description.components } as Schema;
    expect(new JsonValidator(list, "2020-12", false).validate(snapshot.data).errors).toEqual([]);
    await events.return(undefined);
  });

  it("describes every route, and no other", async () => {
    const { paths } = describeApi("1") as Description;
    expect(
      Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`)),
    ).toEqual([
      "get /openapi.json",
      "get /v1/tickets",
      "get /v1/tickets/{id}",
      "post /v1/tickets/{id}/approve",
      "post /v1/tickets/{id}/deny",
      "get /v1/grants",
      "post /v1/grants/{id}/revoke",
      "get /v1/events",
    ]);
  });
});
