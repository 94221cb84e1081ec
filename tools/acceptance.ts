import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describeCosts } from "./acceptance/costs.ts";
import { directPlay } from "./acceptance/direct-play.ts";
import { openNotebook } from "./acceptance/notebook.ts";
import { perform } from "./acceptance/perform.ts";
import { pipelinePlay } from "./acceptance/pipeline-play.ts";
import { readPlace } from "./acceptance/place.ts";
import { formatReport } from "./acceptance/report.ts";
import { openScene } from "./acceptance/scene.ts";
import { acceptanceUsage } from "./acceptance/usage.ts";
import { askToConfirm } from "../scripts/lib/cli/confirm.ts";
import { runScript } from "../scripts/lib/cli/run-script.ts";
import { say } from "../scripts/lib/cli/terminal.ts";

// `npm run acceptance -- ENV`: plays a first user's days in a real project, writes
// down what of the emulator's beliefs holds there, and removes what it made.

const interrupted = new AbortController();
const never = new AbortController().signal;

await runScript(acceptanceUsage, () => async (args) => {
  const env = args.positionals[0] ?? "";
  const pipeline = args.flag("pipeline");
  const directory = path.resolve(".cache/acceptance", env);
  const notebook = openNotebook(directory);
  const place = await readPlace(env, { pipeline, isNew: notebook.isEmpty() });
  const { settings, projects, circumstances } = place;
  await askToConfirm(args, {
    list: describeCosts(pipeline),
    question: `Make, break and remove env ${env} in ${settings.projectId}?`,
    what: "acceptance",
    command: `npm run acceptance -- ${env}`,
    protected: env,
  });
  const copy = path.join(directory, "copy");
  const options = { env, settings, directory: copy };
  const scene = await openScene({ ...options, signal: interrupted.signal });
  const afterwards = await openScene({ ...options, signal: never });
  interruptFirst();
  const play = pipeline ? pipelinePlay(place.stages) : directPlay(settings);
  const stage = { scene, afterwards, notebook, projects };
  const { passed, removed } = await perform(play, stage);
  const file = `acceptance-${env}.md`;
  await writeFile(file, formatReport(circumstances, notebook));
  say(`The report, to be pasted into an issue: ${file}`);
  if (removed) notebook.close();
  else say("Not everything is removed: run this again, it goes on with that.");
  return passed && removed;
});

/** The first Ctrl-C ends what is under way, and lets everything be removed; the second ends that too. */
function interruptFirst(): void {
  process.removeAllListeners("SIGINT");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      say(
        "\nInterrupted: what was made is removed now; once more ends that too.",
      );
      interrupted.abort(new Error("interrupted"));
    });
  }
}
