import "../node-version.ts";
import { parseArgs } from "node:util";
import { ensureLitellm } from "../../machine/litellm/environment.ts";
import { requireGcloud } from "../prerequisites.ts";
import { runStory, say } from "../story.ts";
import { playPromotion } from "./promotion.ts";
import { startStage } from "./stage.ts";
import { startDisplay } from "./table.ts";

const HELP = `Usage: npm run rehearse [-- options]

Rehearses promotion on this machine, without a Google account: four pushes to
main, built by an embedded Cloud Build and promoted by an embedded Cloud Deploy
from dev to two prod regions, while clients ask prod all the time. The first
release runs the real LiteLLM everywhere, the later ones a stand-in.

  --stand-in   The stand-in from the start: half the time.
  --log        Show what the scripts print, and each request.
  -h, --help   Print this help.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;

await runStory(main);

async function main(interrupted: AbortSignal): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  await requireGcloud();
  let real = !options["stand-in"];
  if (real) {
    say("Preparing LiteLLM …");
    await ensureLitellm(say);
  }
  const stage = await startStage({
    litellm: () => (real ? "real" : "stand-in"),
    log: options.log ? say : () => undefined,
    signal: interrupted,
  });
  try {
    await playPromotion(stage, {
      say,
      show: startDisplay(process.stderr),
      signal: interrupted,
      afterFirst: () => {
        real = false;
      },
    });
    return 0;
  } finally {
    await stage.close();
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        "stand-in": { type: "boolean", default: false },
        log: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values;
  } catch (error) {
    say(`error: ${error instanceof Error ? error.message : String(error)}`);
    say("  See: npm run rehearse -- --help");
    return undefined;
  }
}
