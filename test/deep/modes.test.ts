import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { geminiOf, newGeminiApiKey } from "../../emulator/apis/gemini/state.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { takeInventory } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";
const VERTEX_ROLE = `roles/aiplatform.user serviceAccount:${ACCOUNT}`;

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator, { config: "shipped" });
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function secretNames(): string[] {
  return [...emulator.cloud.project(emulator.projectId).secrets.keys()].sort();
}

describe("API-key mode", () => {
  test("without a key and a terminal tells the command that stores one", async () => {
    const run = await workspace.script("deploy.ts", ["local"], {
      env: { MODE: "apikey" },
    });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("--gemini-key=stdin < FILE");
    expect(secretNames()).toEqual([]);
  });

  test("deploys with a key from standard input and gives no project role", async () => {
    const run = await workspace.script(
      "deploy.ts",
      ["local", "--gemini-key=stdin"],
      {
        env: { MODE: "apikey" },
        input: newGeminiApiKey(geminiOf(emulator.cloud)),
      },
    );
    expect(run.stderr).not.toContain("error:");
    expect(run.exitCode).toBe(0);
    expect(takeInventory(emulator).bindings).toEqual([]);
    expect(secretNames()).toEqual([
      "litellm-config",
      "litellm-gemini-key",
      "litellm-master-key",
    ]);
  });

  test("keeps the stored key when it deploys again", async () => {
    const run = await workspace.script("deploy.ts", ["local"], {
      env: { MODE: "apikey" },
    });
    expect(run.stderr).toContain("Nothing to do");
  });

  test("takes the old name of the key from the shell, with a note", async () => {
    const run = await workspace.script("deploy.ts", ["local"], {
      env: {
        MODE: "apikey",
        MY_GEMINI_KEY: newGeminiApiKey(geminiOf(emulator.cloud)),
      },
    });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain("MY_GEMINI_KEY is called GEMINI_API_KEY now");
    const secret = emulator.cloud
      .project(emulator.projectId)
      .secrets.get("litellm-gemini-key");
    expect(secret?.versions).toHaveLength(2);
  });
});

describe("a switch of mode", () => {
  test("to Vertex AI grants the role, and the Gemini key cannot be read any more", async () => {
    const run = await workspace.script("deploy.ts");
    expect(run.exitCode).toBe(0);
    expect(takeInventory(emulator).bindings).toEqual([VERTEX_ROLE]);
    const gemini = takeInventory(emulator).secrets.filter((secret) =>
      secret.startsWith("litellm-gemini-key "),
    );
    expect(gemini).toEqual([
      expect.stringMatching(/ versions=DISABLED(,DISABLED)* /),
    ]);
  });

  test("back to a key takes the role away", async () => {
    const run = await workspace.script("deploy.ts", ["local"], {
      env: {
        MODE: "apikey",
        GEMINI_API_KEY: newGeminiApiKey(geminiOf(emulator.cloud)),
      },
    });
    expect(run.exitCode).toBe(0);
    expect(takeInventory(emulator).bindings).toEqual([]);
  });

  test("refuses a config for Vertex AI with MODE=apikey before anything runs", async () => {
    const run = await workspace.script("deploy.ts", ["local"], {
      env: { MODE: "apikey", CONFIG: "config/litellm.vertex.yaml" },
    });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("config/litellm.vertex.yaml:");
  });
});

itConforms(() => emulator.exchanges);
