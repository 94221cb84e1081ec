import type { webcrypto } from "node:crypto";
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** What TLS takes to answer for hosts of Google's, all PEM. Only the authority's certificate is for others to see. */
export interface Certificates {
  authority: string;
  certificate: string;
  key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const AUTHORITY = "CN=litellm-cloudrun emulator";

/** An authority of this start only, whose key is forgotten at once, and a certificate by it for the hosts. */
export async function makeCertificates(
  hosts: readonly string[],
): Promise<Certificates> {
  const [ofAuthority, ofHosts] = await Promise.all([newKeys(), newKeys()]);
  const validity = {
    notBefore: inDays(-1),
    notAfter: inDays(365),
  };
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: AUTHORITY,
    keys: ofAuthority,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      await SubjectKeyIdentifierExtension.create(ofAuthority.publicKey),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    subject: `CN=${hosts[0] ?? ""}`,
    issuer: AUTHORITY,
    publicKey: ofHosts.publicKey,
    signingKey: ofAuthority.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: "dns", value })),
      ),
      await AuthorityKeyIdentifierExtension.create(ofAuthority.publicKey),
    ],
  });
  return {
    authority: toPem(authority),
    certificate: toPem(certificate),
    key: await exportKey(ofHosts.privateKey),
  };
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function toPem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await crypto.subtle.exportKey("pkcs8", key);
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [
    "-----BEGIN PRIVATE KEY-----",
    ...lines,
    "-----END PRIVATE KEY-----",
    "",
  ].join("\n");
}
