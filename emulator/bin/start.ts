import "./node-version.ts";
import { parseArgs } from "node:util";
import { requireGcloud } from "./prerequisites.ts";
import { ensureLitellm } from "../machine/litellm/environment.ts";
import { type Rehearsal, startRehearsal } from "./rehearsal.ts";
import { runStory, say } from "./story.ts";
import { askGateway, describeGateway, findGateway } from "./gateway.ts";

const HELP = `Usage: npm start [-- options]

Rehearses the whole flow on this machine, without a Google account: an embedded
Google Cloud, the real gcloud, the real LiteLLM. Stays up until Ctrl-C.

  --once                 Deploy, verify, ask once, clean, and exit.
  --mode=vertex|apikey   How LiteLLM calls Gemini. Default: vertex.
  --log                  Show each request to the embedded Google.
  -h, --help             Print this help.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted before it was up.
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
  say("Preparing LiteLLM …");
  const litellm = await ensureLitellm(say);
  say(`LiteLLM ${litellm.version} is ready.`);
  const rehearsal = await startRehearsal({
    mode: options.mode,
    log: options.log ? say : undefined,
    signal: interrupted,
  });
  try {
    return await rehearse(rehearsal, options.once);
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
    const { values } = parseArgs({
      options: {
        once: { type: "boolean", default: false },
        mode: { type: "string", default: "vertex" },
        log: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { mode } = values;
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
