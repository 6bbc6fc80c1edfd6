import tls from "node:tls";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createAuthority,
  type Certificate,
  type CertificateAuthority,
} from "../../electron/core/http/fixtures/certificates.ts";
import { FaultBench, neighbourBoundMs } from "./fault-bench.ts";
import { startHttpFaultServer, type HttpFaultServer } from "./http-server.ts";

const day = 86_400_000;
const secret = "Bearer a-token-that-stays-home";
let bench: FaultBench | undefined;

afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

describe("a server behind HTTPS", () => {
  let authority: CertificateAuthority;
  let server: HttpFaultServer;

  beforeEach(() => {
    authority = createAuthority();
    // What NODE_EXTRA_CA_CERTS does at the start of a process: this authority is one to trust.
    const create = tls.createSecureContext;
    vi.spyOn(tls, "createSecureContext").mockImplementation((options) => {
      const context = create(options);
      (context.context as { addCACert(cert: string): void }).addCACert(authority.cert);
      return context;
    });
  });

  async function open(certificate: Certificate) {
    server = await startHttpFaultServer({
      onCall: (call) => call.answer(String(call.headers.authorization)),
      tls: certificate,
    });
    const sut = { transport: "http", url: server.url, protocol: "legacy", headers: { authorization: secret } } as const;
    return (bench = await FaultBench.open(sut, server));
  }

  it("is spoken to where its certificate holds", async () => {
    const opened = await open(authority.issue("127.0.0.1", new Date(Date.now() + day)));
    expect(await opened.play([])).toMatchObject({ code: null, outcome: "ok" });
    expect(server.heard).toContain("tools/call");
  });

  it.each([
    ["has expired", "127.0.0.1", -day, "CERT_HAS_EXPIRED"],
    ["is another host's", "elsewhere.example", day, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("is sent nothing where its certificate %s", async (_, host, age, code) => {
    const opened = await open(authority.issue(host, new Date(Date.now() + age)));
    const story = await opened.play([]);
    expect(story).toMatchObject({ code: "connection_failed", outcome: "transport_error", circuit: 1 });
    expect(story.message).toContain(code);
    expect(story.ms).toBeLessThan(1_500);
    expect(story.neighbourMs).toBeLessThan(neighbourBoundMs);
    expect(server.heard).toEqual([]);
  });
});

describe("a redirect to a private address", () => {
  it("is not followed, and the credentials are not sent on", async () => {
    const inner = await startHttpFaultServer({ onCall: (call) => call.answer("inner") });
    const outer = await startHttpFaultServer({
      onCall: ({ response }) => response.writeHead(307, { location: inner.url }).end(),
    });
    const sut = { transport: "http", url: outer.url, protocol: "legacy", headers: { authorization: secret } } as const;
    bench = await FaultBench.open(sut, outer, inner);
    const story = await bench.play([]);
    expect(story).toMatchObject({ code: "transport_error", outcome: "transport_error", attempts: ["failed"] });
    expect(story.message).toContain("HTTP 307");
    expect(inner.heard).toEqual([]);
    expect(JSON.stringify(story.timeline) + bench.log()).not.toContain("a-token-that-stays-home");
    expect(story.neighbourMs).toBeLessThan(neighbourBoundMs);
  });
});
