import { expect } from "vitest";
import { type TestEmulator, startTestEmulator } from "./emulator.ts";
import { isWrite, takeInventory, takeManifests } from "./inventory.ts";
import { type Workspace, makeWorkspace } from "./workspace.ts";

/** A rehearsal, and the folder that is deployed into it. */
interface Site {
  emulator: TestEmulator;
  workspace: Workspace;
}

/** Into one the preview is pasted, in the other one the script runs. */
export interface Twins {
  pasted: Site;
  real: Site;
}

export async function openTwins(): Promise<Twins> {
  const [pasted, real] = await Promise.all([openSite(), openSite()]);
  return { pasted, real };
}

export async function closeTwins(twins: Twins): Promise<void> {
  for (const { emulator, workspace } of [twins.pasted, twins.real]) {
    await emulator.close();
    await workspace.remove();
  }
}

async function openSite(): Promise<Site> {
  const emulator = await startTestEmulator({ litellm: "stand-in" });
  return { emulator, workspace: await makeWorkspace(emulator) };
}

/** Everything that both were asked. */
export function exchangesOf({ pasted, real }: Twins) {
  return [pasted, real].flatMap(({ emulator }) => emulator.exchanges);
}

function look({ emulator }: Site): unknown {
  const inventory = takeInventory(emulator);
  return { ...inventory, manifests: takeManifests(emulator) };
}

/** Previews, without a change; pastes the preview; runs the script elsewhere; compares. Returns the preview. */
export async function expectSame(
  { pasted, real }: Twins,
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
export function listOtherLines(preview: string): string[] {
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

export async function editBoth(
  { pasted, real }: Twins,
  file: string,
  change: (text: string) => string,
): Promise<void> {
  await pasted.workspace.edit(file, change);
  await real.workspace.edit(file, change);
}
