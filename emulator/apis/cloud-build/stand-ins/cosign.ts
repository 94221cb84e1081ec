import { parseArgs } from "node:util";
import { parseRegistryReference } from "../../artifact-registry/state.ts";
import { IDENTITY, ISSUER, signatureOf } from "./signatures.ts";
import {
  type ToolCall,
  type ToolContext,
  ToolError,
  type ToolResult,
  done,
  notCovered,
} from "./tool.ts";
import { findRemote } from "./upstream.ts";

/** Stands in for `cosign verify`: against what is known of how LiteLLM signed which version. */
export function cosign(context: ToolContext, call: ToolCall): ToolResult {
  const { values, positionals } = readArguments(call.args);
  const [command = "", image = "", ...more] = positionals;
  if (command !== "verify" || image === "" || more.length > 0) {
    throw notCovered(`cosign ${call.args.join(" ")}`);
  }
  const remote = findRemote(context, image);
  // A copy has another name, and signatures are not copied with an image.
  const copied = parseRegistryReference(image) !== undefined;
  const signature =
    copied || remote.content.kind !== "litellm"
      ? undefined
      : signatureOf(remote.content.version);
  if (values.key !== undefined) {
    requireKey(values.key, signature);
  } else {
    requireIdentity(values, signature);
  }
  const name = image.replace(/(:[^:/@]+)?(@.+)?$/, "");
  const payload = [
    {
      critical: {
        identity: { "docker-reference": name },
        image: { "docker-manifest-digest": remote.digest },
        type: "https://sigstore.dev/cosign/sign/v1",
      },
    },
  ];
  const result = done(
    `cosign verified nothing, it looked up how LiteLLM signed this version`,
    `${JSON.stringify(payload)}\n`,
  );
  const how =
    signature?.kind === "keyless"
      ? "The code-signing certificate was verified using trusted certificate authority certificates"
      : "The signatures were verified against the specified public key";
  return {
    ...result,
    stderr: `${result.stderr}Verification for ${image} --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n  - Existence of the claims in the transparency log was verified offline\n  - ${how}\n`,
  };
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        key: { type: "string" },
        "certificate-identity": { type: "string" },
        "certificate-oidc-issuer": { type: "string" },
        output: { type: "string", short: "o" },
      },
    });
  } catch (error) {
    throw notCovered(`this call of cosign: ${(error as Error).message}`);
  }
}

type Flags = ReturnType<typeof readArguments>["values"];

function requireKey(
  key: string,
  signature: ReturnType<typeof signatureOf>,
): void {
  if (signature === undefined) throw failure("no signatures found");
  if (signature.kind === "key" && key.includes(`/${signature.commit}/`)) return;
  throw failure(
    "no matching signatures: invalid signature when validating ASN.1 encoded signature",
  );
}

function requireIdentity(
  flags: Flags,
  signature: ReturnType<typeof signatureOf>,
): void {
  const identity = flags["certificate-identity"];
  const issuer = flags["certificate-oidc-issuer"];
  if (identity === undefined) {
    throw failure(
      "--certificate-identity or --certificate-identity-regexp is required for verification in keyless mode",
    );
  }
  if (issuer === undefined) {
    throw failure(
      "--certificate-oidc-issuer or --certificate-oidc-issuer-regexp is required for verification in keyless mode",
    );
  }
  if (signature === undefined) throw failure("no signatures found");
  if (signature.kind === "key") {
    throw failure("no matching signatures: no certificate found on signature");
  }
  if (identity === IDENTITY && issuer === ISSUER) return;
  throw failure(
    `no matching signatures: none of the expected identities matched what was in the certificate, got subjects [${IDENTITY}] with issuer ${ISSUER}`,
  );
}

/** cosign says it twice. */
function failure(text: string): ToolError {
  return new ToolError(
    `Error: ${text}\nmain.go:74: error during command execution: ${text}`,
  );
}
