import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "./emulator.ts";
import { isWrite } from "./inventory.ts";
import { leaksInto, watchForLeaks } from "./leaks.ts";
import { type Workspace, makeWorkspace } from "./workspace.ts";

export interface Keys {
  master: string;
  gemini: string;
}

/** A rehearsal in which what the scripts show is watched. */
export interface Watched {
  emulator: TestEmulator;
  workspace: Workspace;
  /** Where the scripts put temporary files. */
  temporary: string;
  /** Called when a secret is made. */
  onNewSecret: () => void;
}

export async function openWatched(): Promise<Watched> {
  const hooks = { onNewSecret: (): void => undefined };
  const emulator = await startTestEmulator({
    litellm: "stand-in",
    record: (exchange) => {
      if (isWrite(exchange) && exchange.path.includes("secretId=")) {
        hooks.onNewSecret();
      }
    },
  });
  const workspace = await makeWorkspace(emulator);
  const prefix = path.join(tmpdir(), "litellm-cloudrun-leaks-");
  return Object.assign(hooks, {
    emulator,
    workspace,
    temporary: await mkdtemp(prefix),
  });
}

export async function closeWatched(watched: Watched): Promise<void> {
  await watched.emulator.close();
  await watched.workspace.remove();
  await rm(watched.temporary, { recursive: true, force: true });
}

/** Keys that nothing else holds, strong and valid. */
export function newKeys({ emulator }: Watched): Keys {
  const gemini = `AIzaMarker${randomBytes(20).toString("hex")}`;
  geminiOf(emulator.cloud).apiKeys.add(gemini);
  return { master: `sk-marker-${randomBytes(20).toString("hex")}`, gemini };
}

/** Runs a script and fails when it shows a secret to anybody. */
export async function keepSecret(
  { emulator, workspace, temporary }: Watched,
  secrets: readonly string[],
  run: (options: { env: Record<string, string> }) => Promise<Finished>,
  env: Record<string, string> = {},
): Promise<Finished> {
  const watch = watchForLeaks(secrets, [
    temporary,
    workspace.directory,
    emulator.env.CLOUDSDK_CONFIG ?? "",
  ]);
  const lines = emulator.lines.length;
  const finished = await run({
    env: { MODE: "apikey", TMPDIR: temporary, ...env },
  }).finally(watch.stop);
  const { leaks, commands } = watch.stop();
  expect(leaks).toEqual([]);
  // The watch saw what it is there to see.
  const sawGcloud = commands.some((c) => c.includes("config config-helper"));
  expect(sawGcloud).toBe(true);
  expect(leaksInto(finished.stdout, secrets)).toBe(false);
  expect(leaksInto(finished.stderr, secrets)).toBe(false);
  expect(leaksInto(emulator.lines.slice(lines).join("\n"), secrets)).toBe(
    false,
  );
  return finished;
}

/** The newest version of a secret. */
export function stored(
  { emulator }: Pick<Watched, "emulator">,
  secret: string,
): string | undefined {
  return emulator.cloud
    .project(emulator.projectId)
    .secrets.get(secret)
    ?.versions.at(-1)
    ?.payload?.toString();
}

export function expectStored(
  watched: Watched,
  { master, gemini }: Partial<Keys>,
): void {
  if (master !== undefined)
    expect(stored(watched, "litellm-master-key")).toBe(master);
  if (gemini !== undefined)
    expect(stored(watched, "litellm-gemini-key")).toBe(gemini);
}
