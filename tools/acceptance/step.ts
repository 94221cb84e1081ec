import type { Question } from "./question.ts";
import type { Scene } from "./scene.ts";

/** One thing that is tried, in the order of a first user's days. */
export interface Step {
  /** Known by it in the notebook. */
  id: string;
  title: string;
  /** Throws where it does not go as it must. */
  run: (scene: Scene) => Promise<void>;
  /** What is asked of Google once it has gone well. */
  questions?: readonly Question[];
}

/** What is played, and what takes it all away again. */
export interface Play {
  steps: readonly Step[];
  /** Each is tried, whatever became of the steps and of the others. */
  removal: readonly Step[];
}
