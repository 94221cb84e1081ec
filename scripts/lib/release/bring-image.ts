import type { Arguments } from "../cli/run-script.ts";
import type { PipelineSession } from "../pipeline/session.ts";
import { finish } from "../plan/finish.ts";
import { compact, titlesOf } from "../plan/step.ts";
import { createReleaseEffects } from "./effects.ts";
import { readImage } from "./image.ts";
import { planImage } from "./plan-image.ts";

/** Brings the image of the next release into the registry, where it is not there yet. */
export async function bringImage(
  session: PipelineSession,
  args: Arguments,
): Promise<boolean> {
  const { place, read, stages } = session;
  const [first] = stages;
  const image = await readImage(read, first, place);
  const plan = compact([[planImage(first, place, image)]]);
  return finish(args, {
    plan,
    effects: createReleaseEffects(session),
    outcome: () => ({ image: image.name, steps: titlesOf(plan) }),
    describe: (outcome) => `\n${outcome.image} is in the registry.`,
  });
}
