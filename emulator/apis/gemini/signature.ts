import { createHash } from "node:crypto";

/** What Google takes for calls that no model of its own made (https://ai.google.dev/gemini-api/docs/thought-signatures, "FAQs"). */
const PLACEHOLDERS = [
  "skip_thought_signature_validator",
  "context_engineering_is_the_way_to_go",
];

const OWN = "emulated-gemini:";

/** Stands for what the model thought before a call: opaque to clients, which send it back as it is. */
export function signatureOf(call: string): string {
  const digest = createHash("sha256").update(call).digest("base64");
  return Buffer.from(OWN + digest).toString("base64");
}

export function isSignature(signature: string): boolean {
  const decoded = Buffer.from(signature, "base64").toString();
  return (
    decoded.startsWith(OWN) ||
    PLACEHOLDERS.includes(signature) ||
    PLACEHOLDERS.includes(decoded)
  );
}
