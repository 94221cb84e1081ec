import "./node-version.ts";
import { parseArgs } from "node:util";
import { requireGcloud } from "./prerequisites.ts";
import { ensureLitellm } from "../machine/litellm/environment.ts";
import { type Rehearsal, startRehearsal } from "./rehearsal.ts";
import { runStory, say } from "./story.ts";
import { START, formatHelp } from "./usage.ts";
import { widthOf } from "./wrap.ts";
import { askGateway, describeGateway, findGateway } from "./gateway.ts";

await runStory(main);

async function main(interrupted: AbortSignal): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help === true) {
    process.stdout.write(formatHelp(START, widthOf(process.stdout)));
    return 0;
  }
  await requireGcloud();
  say("Preparing LiteLLM …");
  const litellm = await ensureLitellm(say);
  say(`LiteLLM ${litellm.version} is ready.`);
  const rehearsal = await startRehearsal({
    mode: options.mode,
    log: options.log === true ? say : undefined,
    signal: interrupted,
  });
  try {
    return await rehearse(rehearsal, options.once === true);
  } finally {
    await rehearsal.close();
  }
}

/** The story that a user would type, and its end: an answer. */
async function rehearse(rehearsal: Rehearsal, once: boolean): Promise<number> {
  const outcome = await rehearsal.run("deploy.ts", "--json");
  await rehearsal.run("verify.ts", "--quick");
  const gateway = findGateway(rehearsal.emulator, outcome);
  say(describeGateway(gateway, await askGateway(gateway)));
  if (once) {
    await rehearsal.run("clean.ts", "--yes");
    return 0;
  }
  say("Up until Ctrl-C.");
  await rehearsal.interrupted;
  say("\nStopping: the embedded cloud and everything in it goes.");
  return 0;
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: START.options });
    const { mode = "vertex" } = values;
    if (mode !== "vertex" && mode !== "apikey") {
      throw new Error(`--mode=${mode}: expected vertex or apikey`);
    }
    return { ...values, mode } as const;
  } catch (error) {
    say(`error: ${error instanceof Error ? error.message : String(error)}`);
    say("  See: npm start -- --help");
    return undefined;
  }
}
