import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/**
 * Puts a `gcloud` in front of the PATH that is the real one, imported once and
 * forked for each call: a call takes a tenth of the time. Without it (no gcloud,
 * or one that is laid out in another way) the tests run with the one that is there.
 */
export default async function warmGcloud(): Promise<
  (() => Promise<void>) | undefined
> {
  const installation = await findInstallation();
  if (installation === undefined) return undefined;
  const directory = await mkdtemp(path.join(tmpdir(), "warm-gcloud-"));
  const socket = path.join(directory, "socket");
  const { python, root } = installation;
  const server = spawn(
    python,
    ["-S", path.join(import.meta.dirname, "server.py"), root, socket],
    {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, CLOUDSDK_CONFIG: path.join(directory, "config") },
    },
  );
  const close = async () => {
    await end(server);
    await rm(directory, { recursive: true, force: true });
  };
  const isReady = await Promise.race([
    once(server.stdout, "data").then(() => true),
    once(server, "exit").then(() => false),
  ]);
  if (!isReady) {
    console.warn("gcloud could not be kept warm: the tests take longer.");
    await close();
    return undefined;
  }
  const command = path.join(directory, "gcloud");
  const client = path.join(import.meta.dirname, "client.py");
  await writeFile(
    command,
    `#!/bin/sh\nexec '${python}' -S -E '${client}' '${socket}' "$@"\n`,
  );
  await chmod(command, 0o755);
  process.env.PATH = `${directory}:${process.env.PATH ?? ""}`;
  return close;
}

async function findInstallation(): Promise<
  { python: string; root: string } | undefined
> {
  const format =
    "value[separator=' '](basic.python_location,installation.sdk_root)";
  try {
    const { stdout } = await promisify(execFile)("gcloud", [
      "info",
      `--format=${format}`,
    ]);
    const [python = "", root = ""] = stdout.trim().split(" ");
    return { python, root };
  } catch {
    return undefined;
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.stdin?.end();
  await exited;
}
