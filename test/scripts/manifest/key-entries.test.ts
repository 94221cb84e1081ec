import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { putVariables } from "../../../scripts/lib/manifest/key-entries.ts";
import { stageManifest } from "../../../scripts/lib/manifest/stage-manifest.ts";
import { toKey } from "../../../scripts/lib/settings/keys.ts";
import { manifest, settingsWith } from "../../support/states.ts";

const MASTER_ONLY = ["LITELLM_MASTER_KEY"];
const WITH_GEMINI = ["LITELLM_MASTER_KEY", "GEMINI_API_KEY"];

function put(
  text: string,
  names: string[],
  variables: Record<string, string> = {},
): string {
  const document = parseDocument(text);
  putVariables(document, { keys: names.map(toKey), variables });
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

describe("a key of the env", () => {
  test("gets a variable behind the master key, filled in from its parameters", () => {
    expect(put(MASTER + OTHER, WITH_GEMINI)).toBe(MASTER + GEMINI + OTHER);
  });

  test("is not doubled where somebody wrote it into the manifest, and stays as it is there", () => {
    const own = `  - name: GEMINI_API_KEY
    valueFrom:
      secretKeyRef:
        name: my-own-secret
        key: "7"
`;
    for (const text of [MASTER + OTHER + own, MASTER + own + OTHER]) {
      expect(put(text, WITH_GEMINI)).toBe(text);
    }
    const before = own + MASTER.slice("env:\n".length);
    expect(put(`env:\n${before}`, WITH_GEMINI)).toBe(`env:\n${before}`);
  });

  test("is put in once, however often", () => {
    const once = put(MASTER, WITH_GEMINI);
    expect(put(once, WITH_GEMINI)).toBe(once);
  });
});

describe("a key of the table that the env has not", () => {
  test("is taken out, wherever it came from", () => {
    expect(put(MASTER + GEMINI + OTHER, MASTER_ONLY)).toBe(MASTER + OTHER);
    const plain = "  - name: GEMINI_API_KEY\n    value: x\n";
    expect(put(MASTER + OTHER + plain, MASTER_ONLY)).toBe(MASTER + OTHER);
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
    expect(put(sidecar, WITH_GEMINI)).toBe(sidecar);
    expect(put(sidecar, MASTER_ONLY)).toBe(sidecar);
  });
});

describe("any other key", () => {
  test("comes behind those of the table, by its variable's name", () => {
    const text = put(MASTER + OTHER, [...WITH_GEMINI, "OPENAI_API_KEY"]);
    expect(text).toBe(
      MASTER +
        GEMINI +
        `  - name: OPENAI_API_KEY
    valueFrom:
      secretKeyRef:
        name: "unset" # from-param: \${OPENAI_API_KEYSecret}
        key: "unset" # from-param: \${OPENAI_API_KEYVersion}
` +
        OTHER,
    );
  });
});

test("what is no secret comes behind the keys, as it is", () => {
  const variables = { REDIS_HOST: "10.0.0.3", REDIS_PORT: "6379" };
  expect(put(MASTER + OTHER, MASTER_ONLY, variables)).toBe(
    MASTER +
      `  - name: REDIS_HOST
    value: 10.0.0.3
  - name: REDIS_PORT
    value: "6379"
` +
      OTHER,
  );
});

test("a release's manifest has the keys of its env", () => {
  const staged = (mode: string): string =>
    stageManifest(manifest, {
      own: settingsWith({ MODE: mode }),
      parameters: { mode },
    });
  expect(staged("apikey")).toContain("from-param: ${geminiKeyVersion}");
  expect(staged("vertex")).not.toContain("GEMINI_API_KEY");
});
