import { MCPTransportError } from "../errors.ts";

type Failure = { message: string; hint: string };

/** Codes of Node and undici for a connection that was never made, so that nothing was sent. */
const unreachable: Record<string, Failure> = {
  ECONNREFUSED: { message: "nothing listens there", hint: "Start the server, or correct `url` in its file." },
  ENOTFOUND: { message: "its host name is not known", hint: "Check the host in `url`, and your network." },
  EAI_AGAIN: { message: "its host name could not be looked up", hint: "Check your network, then try again." },
  EHOSTUNREACH: { message: "its host cannot be reached", hint: "Check your network, VPN and firewall." },
  ENETUNREACH: { message: "its network cannot be reached", hint: "Check your network, VPN and firewall." },
  UND_ERR_CONNECT_TIMEOUT: {
    message: "it did not accept a connection in time",
    hint: "Check your network and firewall.",
  },
};

const untrusted: Failure = {
  message: "its certificate is not trusted",
  // Node's own list counts. The packaged app does not heed NODE_EXTRA_CA_CERTS: its `nodeOptions` fuse is off.
  hint: "Have the certificate renewed, or issued by a public authority: the app trusts no other. On plain Node.js, NODE_EXTRA_CA_CERTS adds one.",
};

/** Codes of Node for a certificate that does not hold. */
const certificateCodes = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Codes of Node and undici for a connection that broke while it was in use. */
const broken = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_ABORTED"]);

/**
 * A failure of the network as `MCPTransportError`, by the code of the error or of what caused it.
 * `undefined` where no code says that it was one.
 */
export function networkFailure(error: unknown, server: string, sent: boolean): MCPTransportError | undefined {
  for (const { code, syscall } of causes(error)) {
    const failure = code === undefined ? undefined : certificateCodes.has(code) ? untrusted : unreachable[code];
    if (failure || (code === "ETIMEDOUT" && syscall === "connect")) {
      const { message, hint } = failure ?? unreachable["UND_ERR_CONNECT_TIMEOUT"]!;
      const text = `"${server}" could not be reached: ${message} (${code}).`;
      return new MCPTransportError("connection_failed", text, { sent: false, hint, cause: error });
    }
    if (code !== undefined && broken.has(code)) {
      const text = `The connection to "${server}" broke before the answer came (${code}).`;
      return new MCPTransportError("transport_error", text, { sent, cause: error });
    }
  }
  return undefined;
}

/** The error, what caused it, and so on, as far as they carry a code. */
function* causes(error: unknown): Generator<{ code?: string; syscall?: string }> {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, syscall } = current as NodeJS.ErrnoException;
    yield { code: typeof code === "string" ? code : undefined, syscall };
  }
}
