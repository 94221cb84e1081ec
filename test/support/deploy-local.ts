import { expectDone } from "./expect-done.ts";
import type { Workspace } from "./workspace.ts";

/** What `deploy.ts --json` prints. */
export interface Deployed {
  revision: string;
  configVersion: string;
  url: string;
  changed: string[];
  steps: string[];
}

/** A deploy of env `local` that must succeed. */
export async function deployLocal(
  workspace: Workspace,
  ...options: string[]
): Promise<Deployed> {
  const args = ["local", "--json", ...options];
  const run = await workspace.script("deploy.ts", args);
  expectDone(run);
  return JSON.parse(run.stdout) as Deployed;
}
