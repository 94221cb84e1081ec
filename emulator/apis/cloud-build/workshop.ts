import type { Cloud } from "../../core/cloud.ts";
import type { Container } from "../../machine/runtime/container.ts";
import { type Reaper, startReaper } from "../../machine/runtime/reaper.ts";

/** Where builds and tools containers run: their directories and processes end with the emulator, however that ends. */
export interface Workshop {
  cloud: Cloud;
  /** The emulator's own address. */
  url: string;
  /** Started with the first build. */
  reaper: () => Promise<Reaper>;
  /** Those that run. */
  containers: Set<Container>;
  log: (line: string) => void;
  close: () => Promise<void>;
}

export function openWorkshop(
  cloud: Cloud,
  url: string,
  log: (line: string) => void,
): Workshop {
  let started: Promise<Reaper> | undefined;
  const containers = new Set<Container>();
  return {
    cloud,
    url,
    reaper: () => (started ??= startReaper()),
    containers,
    log,
    close: async () => {
      await Promise.all([...containers].map((one) => one.terminate()));
      await (await started)?.close();
    },
  };
}
