import { mkdir } from "node:fs/promises";
import path from "node:path";
import { gcloudEnvironment } from "../../core/environment.ts";
import { GoogleError } from "../../core/google-error.ts";
import { startMetadataServer } from "../../machine/metadata.ts";
import { startContainer } from "../../machine/runtime/container.ts";
import type { Workshop } from "./workshop.ts";
import { ROOT } from "../../core/root.ts";

/** A container of a build, as a process on this machine. */
export interface ContainerProcess {
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Container path → directory on this machine. */
  mounts: Record<string, string>;
  /** In the container. */
  workingDirectory: string;
  /** Private, for the login and temporary files. */
  scratch: string;
  /** Directories in front of the PATH. */
  path?: string[];
  /** Email of the service account that it runs as. */
  account: string;
  projectId: string;
  region: string;
  log: (line: string) => void;
  signal?: AbortSignal;
}

const PACKAGE_COMMANDS = path.resolve(ROOT, "node_modules/.bin");

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2000;

/** Runs it to its end; resolves to its exit code. Throws NOT_FOUND for an account that is not there. */
export async function runProcess(
  workshop: Workshop,
  process: ContainerProcess,
): Promise<number> {
  const { account, projectId, region, mounts, scratch, signal } = process;
  requireAccount(workshop, account);
  if (signal?.aborted) return 137;
  const reaper = await workshop.reaper();
  const metadata = await startMetadataServer(workshop.cloud, {
    projectId,
    region,
    serviceAccount: account,
  });
  try {
    await mkdir(path.join(scratch, "tmp"), { recursive: true });
    const directory = relocate(process.workingDirectory, mounts);
    await mkdir(directory, { recursive: true });
    const container = startContainer({
      command: relocate(process.command, mounts),
      args: process.args.map((arg) => relocate(arg, mounts)),
      env: environmentOf(workshop, process, metadata.host),
      directory,
      reaper,
      graceMs: GRACE_MS,
      log: ({ text }) => {
        process.log(toContainerPaths(text, mounts));
      },
    });
    workshop.containers.add(container);
    const stop = () => void container.terminate();
    signal?.addEventListener("abort", stop);
    const { cause, exitCode, message } = await container.exited;
    signal?.removeEventListener("abort", stop);
    workshop.containers.delete(container);
    if (exitCode !== undefined) return exitCode;
    if (cause === "stopped") return 137;
    process.log(message);
    return 127;
  } finally {
    await metadata.close();
  }
}

/** The whole environment: nothing of the emulator's own but the PATH, so no key or login of the developer's. */
function environmentOf(
  { url }: Workshop,
  container: ContainerProcess,
  metadataHost: string,
): Record<string, string> {
  const { projectId, scratch, env, mounts } = container;
  const configDirectory = path.join(scratch, "gcloud");
  return {
    PATH: [
      ...(container.path ?? []),
      PACKAGE_COMMANDS,
      path.dirname(process.execPath),
      process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    ].join(path.delimiter),
    LANG: "C.UTF-8",
    HOME: scratch,
    TMPDIR: path.join(scratch, "tmp"),
    npm_config_update_notifier: "false",
    ...gcloudEnvironment({ url, projectId, configDirectory }),
    // Google's libraries, and gcloud by a name of its own, find their identity there.
    GCE_METADATA_HOST: metadataHost,
    GCE_METADATA_IP: metadataHost,
    GCE_METADATA_ROOT: metadataHost,
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    NO_PROXY: "127.0.0.1,localhost",
    // The tools image has the pinned Node, which runs TypeScript.
    ...(!process.features.typescript && {
      NODE_OPTIONS: `--import=${import.meta.resolve("tsx")}`,
    }),
    ...Object.fromEntries(
      Object.entries(env).map(([k, v]) => [k, relocate(v, mounts)]),
    ),
  };
}

/** A container has its own root; here its paths are replaced wherever they are named. */
export function relocate(text: string, mounts: Record<string, string>): string {
  return Object.entries(mounts).reduce((changed, [from, to]) => {
    const pattern = new RegExp(`(?<![\\w./-])${from}(?![\\w.-])`, "g");
    return changed.replace(pattern, () => to);
  }, text);
}

function toContainerPaths(text: string, mounts: Record<string, string>) {
  return Object.entries(mounts).reduce(
    (changed, [from, to]) => changed.replaceAll(to, from),
    text,
  );
}

function requireAccount({ cloud }: Workshop, email: string): void {
  const account = cloud.serviceAccount(email);
  if (account !== undefined && !account.disabled) return;
  throw new GoogleError(
    "NOT_FOUND",
    `The service account ${email} does not exist or is disabled.`,
  );
}
