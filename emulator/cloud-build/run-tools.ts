import type { Cloud } from "../cloud.ts";

/** What runs tools images works with. */
export interface ToolsContext {
  cloud: Cloud;
  /** The emulator's own address. */
  url: string;
}

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
 * identity of the service account. Resolves to its exit code. Throws GoogleError for an image or an account that is not there.
 */
export async function runTools(
  context: ToolsContext,
  container: ToolsContainer,
): Promise<number> {
  await Promise.resolve();
  throw new Error(`${context.url}: ${container.image} cannot run yet`);
}
