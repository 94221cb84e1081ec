import path from "node:path";
import { pullImage } from "../artifact-registry/push-image.ts";
import { GoogleError } from "../../core/google-error.ts";
import {
  makeDirectory,
  removeDirectory,
} from "../../machine/runtime/container.ts";
import { copySource, linkPackages } from "./copy-source.ts";
import { runProcess } from "./run-process.ts";
import type { Workshop } from "./workshop.ts";

/** A container of a tools image. */
export interface ToolsContainer {
  image: string;
  /** In place of the image's entrypoint. */
  command: string[];
  args: string[];
  env: Record<string, string>;
  /** Where it starts, in the container; `/app`, the image's source, unless told otherwise. */
  dir?: string;
  /** Email of the service account that it runs as. */
  account: string;
  /** The project that gcloud works in, where the container names none. */
  projectId: string;
  log: (line: string) => void;
  /** Aborted to end it. */
  signal?: AbortSignal;
}

/**
 * Runs a container of a tools image to its end, as a process on this machine in a copy of the image's source, with the
 * identity of the service account. Resolves to its exit code. Throws GoogleError for an image or an account that is not
 * there, and for an image that the account may not pull.
 */
export async function runTools(
  workshop: Workshop,
  container: ToolsContainer,
): Promise<number> {
  const { image, account, command, args, log } = container;
  const stored = pullImage(workshop.cloud, `serviceAccount:${account}`, image);
  if (stored.content.kind !== "tools") {
    throw new GoogleError(
      "FAILED_PRECONDITION",
      `The emulated Google Cloud runs tools images only here, not ${image}.`,
    );
  }
  const [program = "", ...first] = [...command, ...args];
  if (program === "") {
    throw new GoogleError(
      "FAILED_PRECONDITION",
      `The emulated Google Cloud does not know what ${image} runs without a command.`,
    );
  }
  log(
    `The emulator runs this container as a process on this machine, in a copy of the source that the image was built from.`,
  );
  const scratch = await makeDirectory(await workshop.reaper());
  try {
    const app = path.join(scratch, "app");
    await copySource(stored.content.directory, app);
    await linkPackages(app);
    return await runProcess(workshop, {
      ...container,
      command: program,
      args: first,
      mounts: { "/app": app },
      workingDirectory: container.dir ?? "/app",
      scratch,
      region: "global",
    });
  } finally {
    await removeDirectory(scratch);
  }
}
