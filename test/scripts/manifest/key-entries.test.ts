import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { putKeys } from "../../../scripts/lib/manifest/key-entries.ts";
import { stageManifest } from "../../../scripts/lib/manifest/stage-manifest.ts";
import { keysOf } from "../../../scripts/lib/settings/keys.ts";
import type { Mode } from "../../../scripts/lib/settings/mode.ts";
import { manifest } from "../../support/states.ts";

function put(text: string, mode: Mode): string {
  const document = parseDocument(text);
  putKeys(document, keysOf(mode));
  return document.toString({ lineWidth: 0 });
}

const MASTER = `env:
  - name: PROJECT_ID
    value: p
  # Clients send it.
  - name: LITELLM_MASTER_KEY
    value: m
`;

const GEMINI = `  - name: GEMINI_API_KEY
    valueFrom:
      secretKeyRef:
        name: "unset" # from-param: \${geminiKeySecret}
        key: "unset" # from-param: \${geminiKeyVersion}
`;

const OTHER = `  - name: LITELLM_LOG
    value: ERROR
`;

describe("a key of the mode", () => {
  test("gets a variable behind the master key, filled in from its parameters", () => {
    expect(put(MASTER + OTHER, "apikey")).toBe(MASTER + GEMINI + OTHER);
  });

  test("is not doubled where somebody wrote it into the manifest, and stays as it is there", () => {
    const own = `  - name: GEMINI_API_KEY
    valueFrom:
      secretKeyRef:
        name: my-own-secret
        key: "7"
`;
    for (const text of [MASTER + OTHER + own, MASTER + own + OTHER]) {
      expect(put(text, "apikey")).toBe(text);
    }
    const before = own + MASTER.slice("env:\n".length);
    expect(put(`env:\n${before}`, "apikey")).toBe(`env:\n${before}`);
  });

  test("is put in once, however often", () => {
    const once = put(MASTER, "apikey");
    expect(put(once, "apikey")).toBe(once);
  });
});

describe("a key of the other mode", () => {
  test("is taken out, wherever it came from", () => {
    expect(put(MASTER + GEMINI + OTHER, "vertex")).toBe(MASTER + OTHER);
    const plain = "  - name: GEMINI_API_KEY\n    value: x\n";
    expect(put(MASTER + OTHER + plain, "vertex")).toBe(MASTER + OTHER);
  });
});

describe("a container without the master key", () => {
  const sidecar = `containers:
  - env:
      - name: GEMINI_API_KEY
        value: its own
  - env: []
  - env: {}
  - name: none
`;

  test("is left alone", () => {
    expect(put(sidecar, "apikey")).toBe(sidecar);
    expect(put(sidecar, "vertex")).toBe(sidecar);
  });
});

test("a release's manifest has the keys of its mode", () => {
  const staged = (mode: Mode): string =>
    stageManifest(manifest, { mode, parameters: {} });
  expect(staged("apikey")).toContain("from-param: ${geminiKeyVersion}");
  expect(staged("vertex")).not.toContain("GEMINI_API_KEY");
});
