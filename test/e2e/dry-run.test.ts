import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { geminiOf, newGeminiApiKey } from "../../emulator/apis/gemini/state.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { isWrite, takeInventory, takeManifests } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

/** A rehearsal, and the folder that is deployed into it. */
interface Site {
  emulator: TestEmulator;
  workspace: Workspace;
}

/** Into one the preview is pasted, in the other one the script runs. */
let pasted: Site;
let real: Site;
let apikey: Record<string, string>;

beforeAll(async () => {
  [pasted, real] = await Promise.all([openSite(), openSite()]);
  const key = newGeminiApiKey(geminiOf(pasted.emulator.cloud));
  geminiOf(real.emulator.cloud).apiKeys.add(key);
  apikey = { MODE: "apikey", GEMINI_API_KEY: key };
});

afterAll(async () => {
  for (const { emulator, workspace } of [pasted, real]) {
    await emulator.close();
    await workspace.remove();
  }
});

async function openSite(): Promise<Site> {
  const emulator = await startTestEmulator({ litellm: "stand-in" });
  return { emulator, workspace: await makeWorkspace(emulator) };
}

function look({ emulator }: Site): unknown {
  const inventory = takeInventory(emulator);
  return { ...inventory, manifests: takeManifests(emulator) };
}

/** Previews, without a change; pastes the preview; runs the script elsewhere; compares. Returns the preview. */
async function expectSame(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const before = look(pasted);
  const requests = pasted.emulator.exchanges.length;
  const preview = await pasted.workspace.script(
    script,
    [...args, "--dry-run"],
    { env },
  );
  expect(preview.stderr).not.toContain("error:");
  expect(preview.exitCode).toBe(0);
  expect(pasted.emulator.exchanges.slice(requests).filter(isWrite)).toEqual([]);
  expect(look(pasted)).toEqual(before);
  const [paste, run] = await Promise.all([
    pasted.workspace.paste(preview.stdout, { env }),
    real.workspace.script(script, args, { env }),
  ]);
  expect(`${String(paste.exitCode)} ${paste.stderr}`).toMatch(/^0 /);
  expect(`${String(run.exitCode)} ${run.stderr}`).toMatch(/^0 /);
  expect(look(pasted)).toEqual(look(real));
  return preview.stdout;
}

/** Whether every line is a command, a comment, or part of a heredoc. */
function listOtherLines(preview: string): string[] {
  return preview
    .replaceAll(/(<<'EOF')\n.*?\nEOF\n/gs, "$1\n")
    .split("\n")
    .filter(
      (line) =>
        !/^(# .*|gcloud .*|printf .* \| gcloud .*|npx tsx scripts\/.*|set -euo pipefail|[()]|)$/.test(
          line,
        ),
    );
}

async function edit(
  file: string,
  change: (text: string) => string,
): Promise<void> {
  await pasted.workspace.edit(file, change);
  await real.workspace.edit(file, change);
}

describe("the commands that deploy --dry-run prints do what deploy does", () => {
  test("for a first deploy into an empty project", async () => {
    const preview = await expectSame("deploy.ts", ["local"]);
    expect(listOtherLines(preview)).toEqual([]);
    expect(preview).toContain("gcloud services enable");
  });

  test("for a changed config and setting", async () => {
    await edit("config/litellm.vertex.yaml", (text) => `${text}# changed\n`);
    await edit("envs/local.env", (text) => `${text}CONCURRENCY=20\n`);
    const preview = await expectSame("deploy.ts", ["local"]);
    expect(listOtherLines(preview)).toEqual([]);
    expect(preview).toContain("npx tsx scripts/verify.ts local --tag=cand-");
  });

  test("for a switch to the other mode", async () => {
    const preview = await expectSame("deploy.ts", ["local"], apikey);
    expect(listOtherLines(preview)).toEqual([]);
    expect(preview).not.toContain(apikey.GEMINI_API_KEY);
    expect(preview).toContain("gcloud projects remove-iam-policy-binding");
  });

  test("when there is nothing to do", async () => {
    const preview = await expectSame("deploy.ts", ["local"], apikey);
    expect(preview).toBe("# nothing to do\n");
  });
});

describe("the commands that clean --dry-run prints do what clean does", () => {
  test("for all that a deploy made", async () => {
    const preview = await expectSame("clean.ts", ["local", "--yes"], apikey);
    expect(listOtherLines(preview)).toEqual([]);
    expect(takeManifests(pasted.emulator)).toEqual([]);
  });

  test("when there is nothing left", async () => {
    const preview = await expectSame("clean.ts", ["local", "--yes"]);
    expect(preview).toBe("# nothing to do\n");
  });
});

itConforms(() => [pasted, real].flatMap(({ emulator }) => emulator.exchanges));
