import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import { type Quota, runOf } from "../../emulator/apis/run/state.ts";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import type { Cloud } from "../../emulator/core/cloud.ts";
import { cp } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DEVELOPER, type EmulatorOptions } from "../../emulator/emulator.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";
import { createClient } from "./client.ts";
import { type Recording, type Write, readRecording } from "./recording.ts";
import { settle } from "./settle.ts";

/** Runs in place of the tools image that a recorded release verifies with. */
const VERIFY = fileURLToPath(
  new URL("../support/verify-container.ts", import.meta.url),
);

const LARGE: Quota = { cpu: 200, memory: 400 * 2 ** 30 };

export interface Loaded {
  emulator: TestEmulator;
  /** This version's files, with what the operator of the recording had written. */
  workspace: Workspace;
  recording: Recording;
  close: () => Promise<void>;
}

export interface LoadOptions extends EmulatorOptions {
  /** Writes at the end that are left out: the state of a run that was killed before them. */
  leaveOut?: number;
}

/** An emulator in the state that the recording left, brought there by the recorded writes. */
export async function loadRecording(
  name: string,
  { leaveOut = 0, ...options }: LoadOptions = {},
): Promise<Loaded> {
  const recording = readRecording(name);
  const { about, directory } = recording;
  const [first = "", ...others] = Object.keys(about.projects);
  const emulator = await startTestEmulator({
    litellm: "stand-in",
    projectId: first,
    scripts: { [about.tools]: VERIFY },
    ...options,
  });
  try {
    for (const project of others) {
      emulator.cloud.createProject(project, DEVELOPER);
    }
    await replay(recording, leaveOut, emulator);
  } catch (error) {
    await emulator.close();
    throw error;
  }
  const workspace = await makeWorkspace(emulator, { config: "shipped" });
  const files = path.join(directory, "files");
  await cp(files, workspace.directory, { recursive: true });
  return {
    emulator,
    workspace,
    recording,
    close: async () => {
      await emulator.close();
      await workspace.remove();
    },
  };
}

async function replay(
  { about, writes }: Recording,
  leaveOut: number,
  emulator: TestEmulator,
): Promise<void> {
  const { cloud } = emulator;
  for (const id of Object.keys(about.projects)) {
    // What was recorded had instances without a limit of the region.
    runOf(cloud.project(id)).quotas.set("us-central1", LARGE);
  }
  for (const key of about.keys.gemini) geminiOf(cloud).apiKeys.add(key);
  /** Google numbers projects anew. */
  const renumber = (text: string) =>
    Object.entries(about.projects).reduce(
      (changed, [id, number]) =>
        changed.replaceAll(number, cloud.project(id).projectNumber),
      text,
    );
  const made = writes.slice(0, writes.length - leaveOut);
  await replayWrites(made, emulator, renumber);
}

/** Sends the writes in order as the developer, each when what the one before began has ended. */
export async function replayWrites(
  writes: readonly Write[],
  { cloud, url: proxy }: TestEmulator,
  renumber: (text: string) => string = (text) => text,
): Promise<void> {
  const client = createClient(proxy, cloud.newAccessToken(DEVELOPER));
  for (const write of writes) {
    const url = renumber(write.url);
    const body = toBody(write, renumber);
    pushRecorded(cloud, JSON.stringify(write.json ?? {}));
    const answer = await client.send(write.method, url, body);
    await settle(client, write.method, url, answer);
  }
}

/** Mirrored images have the digests here that they had when they were recorded: releases name them. */
function pushRecorded(cloud: Cloud, body: string): void {
  const names = body.match(
    /[\w.-]+-docker\.pkg\.dev[\w/.-]+\/litellm@sha256:[0-9a-f]{64}/g,
  );
  for (const name of new Set(names)) {
    const [repository = "", digest = ""] = name.split("@");
    pushImage(cloud, DEVELOPER, `${repository}:recorded`, {
      digest,
      content: { kind: "litellm", version: "v1.108.14", warm: false },
    });
  }
}

function toBody(
  { type = "", json, text, base64 }: Write,
  renumber: (text: string) => string,
): { type: string; content: string | Buffer } | undefined {
  if (base64 !== undefined) {
    return { type, content: Buffer.from(base64, "base64") };
  }
  const content = json === undefined ? text : JSON.stringify(json, withoutTags);
  return content === undefined
    ? undefined
    : { type, content: renumber(content) };
}

/** What a writer had read before it wrote is a condition that Google lets one leave out. */
function withoutTags(name: string, value: unknown): unknown {
  return name === "etag" || name === "resourceVersion" ? undefined : value;
}
