import "../node-version.ts";
import { parseArgs } from "node:util";
import { ensureLitellm } from "../../machine/litellm/environment.ts";
import { requireGcloud } from "../prerequisites.ts";
import { runStory, say } from "../story.ts";
import { REHEARSE, formatHelp } from "../usage.ts";
import { widthOf } from "../wrap.ts";
import { playPromotion } from "./promotion.ts";
import { startStage } from "./stage.ts";
import { startDisplay } from "./table.ts";

await runStory(main);

async function main(interrupted: AbortSignal): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help === true) {
    process.stdout.write(formatHelp(REHEARSE, widthOf(process.stdout)));
    return 0;
  }
  await requireGcloud();
  let real = options["stand-in"] !== true;
  if (real) {
    say("Preparing LiteLLM …");
    await ensureLitellm(say);
  }
  const stage = await startStage({
    litellm: () => (real ? "real" : "stand-in"),
    log: options.log === true ? say : () => undefined,
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
    const { values } = parseArgs({ options: REHEARSE.options });
    return values;
  } catch (error) {
    say(`error: ${error instanceof Error ? error.message : String(error)}`);
    say("  See: npm run rehearse -- --help");
    return undefined;
  }
}
