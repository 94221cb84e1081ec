import { say } from "../../scripts/lib/cli/terminal.ts";
import { type Projects, mask } from "./mask.ts";
import type { Notebook, Record } from "./notebook.ts";
import { type Observation, isConfirmed } from "./question.ts";
import type { Scene } from "./scene.ts";
import type { Play, Step } from "./step.ts";

/** Plays what is not done yet, then removes everything. Whether all went as it must, and nothing is left. */
export async function perform(
  { steps, removal }: Play,
  stage: {
    scene: Scene;
    afterwards: Scene;
    notebook: Notebook;
    projects: Projects;
  },
): Promise<{ passed: boolean; removed: boolean }> {
  const { scene, afterwards, notebook, projects } = stage;
  let passed = true;
  const begunRemoval = removal.some(({ id }) => notebook.isBegun(id));
  for (const step of begunRemoval ? [] : steps) {
    if (notebook.isDone(step.id)) continue;
    passed = await play(step, scene, notebook, projects);
    if (!passed) break;
  }
  let removed = true;
  for (const step of removal) {
    if (notebook.isDone(step.id)) continue;
    if (!(await play(step, afterwards, notebook, projects))) removed = false;
  }
  return { passed, removed };
}

/** Notes what became of it; whether it went as it must. */
async function play(
  step: Step,
  scene: Scene,
  notebook: Notebook,
  projects: Projects,
): Promise<boolean> {
  const began = performance.now();
  say(`- ${step.title} …`);
  let failure: string | undefined;
  const observations: Observation[] = [];
  try {
    await step.run(scene);
    for (const question of step.questions ?? []) {
      const answer = await scene.gcloud(question.ask(scene.settings));
      const { belief, question: asked, rehearsed } = question;
      const real = mask(question.read(answer, scene.settings), projects);
      observations.push({ belief, question: asked, rehearsed, real });
    }
  } catch (error) {
    failure = mask(
      error instanceof Error ? error.message : String(error),
      projects,
    );
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const record: Record = {
    step: step.id,
    title: step.title,
    seconds,
    ...(failure !== undefined && { failure }),
  };
  notebook.note(record, observations);
  for (const one of observations) {
    if (!isConfirmed(one)) say(`  ${one.belief}: Google answers otherwise`);
  }
  say(failure === undefined ? `  done, ${seconds} s` : `  failed: ${failure}`);
  return failure === undefined;
}
