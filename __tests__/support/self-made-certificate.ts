import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** What a server needs to speak TLS, as PEM. */
export interface SelfMade {
  readonly key: string;
  readonly cert: string;
}

const dayMs = 86_400_000;

/**
 * A certificate of a key made just now and signed by itself, for one DNS name: no file and no program is needed for it. Valid from yesterday
 * until `validUntilMs`. Node makes keys and signatures, but no certificates: its bytes are DER, as RFC 5280, section 4.1, lays them out.
 */
export function selfMadeCertificate(dnsName: string, validUntilMs: number): SelfMade {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const toBeSigned = sequence(
    tagged(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    nameOf(dnsName),
    sequence(utcTime(Math.min(Date.now(), validUntilMs) - dayMs), utcTime(validUntilMs)),
    nameOf(dnsName),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(alternativeName(dnsName))),
  );
  const certificate = sequence(toBeSigned, ecdsaWithSha256, tagged(0x03, Buffer.from([0]), signed(toBeSigned, privateKey)));
  return { key: String(privateKey.export({ type: "pkcs8", format: "pem" })), cert: pem(certificate) };
}

function signed(bytes: Buffer, key: KeyObject): Buffer {
  return sign("sha256", bytes, key);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").replaceAll(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** One value in DER: its tag, how many bytes it has, and these. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

/** 1.2.840.10045.4.3.2 (RFC 5758, section 3.2). */
const ecdsaWithSha256 = sequence(tagged(0x06, Buffer.from("2a8648ce3d040302", "hex")));
/** 2.5.4.3, the common name. */
const commonName = tagged(0x06, Buffer.from("550403", "hex"));
/** 2.5.29.17, the names that a client compares with the host it asked for. */
const subjectAltName = tagged(0x06, Buffer.from("551d11", "hex"));

function nameOf(text: string): Buffer {
  return sequence(tagged(0x31, sequence(commonName, tagged(0x0c, Buffer.from(text)))));
}

function alternativeName(dnsName: string): Buffer {
  return sequence(subjectAltName, tagged(0x04, sequence(tagged(0x82, Buffer.from(dnsName)))));
}

/** `YYMMDDHHMMSSZ`. */
function utcTime(ms: number): Buffer {
  return tagged(0x17, Buffer.from(`${new Date(ms).toISOString().replaceAll(/[-:T]/g, "").slice(2, 14)}Z`));
}
