/** An authority of our own and certificates by it: X.509 (RFC 5280), as little of it as a handshake looks at. */
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export type Certificate = { cert: string; key: string };

export type CertificateAuthority = Certificate & {
  /** A certificate of a server on `host`, an IPv4 address or a name. */
  issue(host: string, validUntil: Date): Certificate;
};

const oids = {
  commonName: "550403",
  basicConstraints: "551d13",
  subjectAltName: "551d11",
  ecdsaWithSha256: "2a8648ce3d040302",
};
const algorithm = sequence(tag(0x06, Buffer.from(oids.ecdsaWithSha256, "hex")));
const day = 86_400_000;

export function createAuthority(): CertificateAuthority {
  const name = "The authority of the fault tests";
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const isAuthority = extension(oids.basicConstraints, sequence(tag(0x01, Buffer.from([0xff]))));
  const sealed = (subject: string, key: KeyObject, until: Date, more: Buffer) =>
    seal({ issuer: name, subject, publicKey: key, until, extensions: more }, privateKey);
  return {
    cert: sealed(name, publicKey, new Date(Date.now() + day), isAuthority),
    key: pemOf(privateKey),
    issue(host, validUntil) {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const isAddress = /^[\d.]+$/.test(host);
      const alternative = isAddress
        ? tag(0x87, Buffer.from(host.split(".").map(Number)))
        : tag(0x82, Buffer.from(host));
      const cert = sealed(host, pair.publicKey, validUntil, extension(oids.subjectAltName, sequence(alternative)));
      return { cert, key: pemOf(pair.privateKey) };
    },
  };
}

type Contents = { issuer: string; subject: string; publicKey: KeyObject; until: Date; extensions: Buffer };

function seal({ issuer, subject, publicKey, until, extensions }: Contents, by: KeyObject): string {
  const contents = sequence(
    tag(0xa0, tag(0x02, Buffer.from([2]))),
    tag(0x02, Buffer.concat([Buffer.from([1]), Buffer.from(String(Math.random()).slice(2, 10))])),
    algorithm,
    distinguishedName(issuer),
    sequence(time(new Date(until.getTime() - 30 * day)), time(until)),
    distinguishedName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    tag(0xa3, sequence(extensions)),
  );
  const der = sequence(contents, algorithm, bits(sign("sha256", contents, by)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function distinguishedName(name: string): Buffer {
  return sequence(tag(0x31, sequence(tag(0x06, Buffer.from(oids.commonName, "hex")), tag(0x0c, Buffer.from(name)))));
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(tag(0x06, Buffer.from(oid, "hex")), tag(0x04, value));
}

function time(date: Date): Buffer {
  return tag(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, "")));
}

function bits(bytes: Buffer): Buffer {
  return tag(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, Buffer.concat(parts));
}

/** One value of DER: its type, its length and its bytes. */
function tag(type: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([type, ...size]), value]);
}
