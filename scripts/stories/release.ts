import type { Arguments } from "../lib/cli/run-script.ts";
import { say } from "../lib/cli/terminal.ts";
import { openPipeline } from "../lib/pipeline/session.ts";
import { converge } from "../lib/plan/converge.ts";
import { finish } from "../lib/plan/finish.ts";
import { createReleaseEffects } from "../lib/release/effects.ts";
import { planRelease } from "../lib/release/plan-release.ts";
import {
  readReleaseFiles,
  readReleaseInput,
} from "../lib/release/read-release-input.ts";
import { describeRelease, readReleaseOutcome } from "../lib/release/report.ts";
import { bringImage } from "../lib/release/bring-image.ts";

export async function release(args: Arguments): Promise<boolean> {
  const [env] = args.positionals;
  const session = await openPipeline({ yes: args.flag("yes"), stage: env });
  if (args.flag("only-image")) return bringImage(session, args);
  const files = await readReleaseFiles(session, env);
  return converge(async () => {
    const { input, state } = await readReleaseInput(
      session,
      files,
      args.value("tools-image"),
    );
    const planned = planRelease(input, state);
    for (const line of planned.kept) {
      say(`stays as it is in Cloud Deploy, until setup.ts is run: ${line}`);
    }
    return finish(args, {
      plan: planned.plan,
      effects: createReleaseEffects(session),
      outcome: () => readReleaseOutcome(session, planned),
      describe: (outcome) => describeRelease(session, outcome),
    });
  });
}
