import type { Cloud } from "../../../core/cloud.ts";
import { startAdvance } from "./advance-rule.ts";
import type { EngineContext, RunContainer } from "./context.ts";
import { startPromotions } from "./promote-rule.ts";
import { startRepair } from "./repair-rule.ts";

export interface EngineOptions {
  cloud: Cloud;
  url: string;
  longestWait: () => number;
  repairsAskApproval: () => boolean;
  log: (line: string) => void;
  runContainer: RunContainer;
}

/** What makes rollouts run. `stopTasks` ends it. */
export function newEngine(options: EngineOptions): EngineContext {
  return {
    ...options,
    reactions: {
      phaseSucceeded: startAdvance,
      rolloutSucceeded: startPromotions,
      jobFailed: startRepair,
    },
    closed: false,
    running: new Map(),
    automating: new Map(),
  };
}
