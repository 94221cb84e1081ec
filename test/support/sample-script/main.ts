import { setTimeout } from "node:timers/promises";
import { askToConfirm } from "../../../scripts/lib/cli/confirm.ts";
import { InputError, UserError } from "../../../scripts/lib/cli/errors.ts";
import {
  dryRunOption,
  quietOption,
  yesOption,
} from "../../../scripts/lib/cli/options.ts";
import { type Usage, runScript } from "../../../scripts/lib/cli/run-script.ts";
import {
  printResult,
  promptHidden,
  readStdin,
  say,
} from "../../../scripts/lib/cli/terminal.ts";
import { whileWaiting } from "../../../scripts/lib/cli/waiting.ts";

/** A script as small as can be, for what all scripts have in common. */
const usage: Usage = {
  command: "sample.ts [story] [env]",
  summary: "Tells one of its stories.",
  positionals: 2,
  options: {
    "dry-run": dryRunOption,
    quiet: quietOption,
    yes: yesOption,
    size: {
      type: "string",
      help: "How much of it.",
      values: ["small", "large"],
    },
    name: { type: "string", help: "Anything." },
    "master-key": {
      type: "string",
      help: "Where it comes from.",
      values: ["generate", "stdin", "prompt"],
      secret: true,
    },
  },
};

await runScript(usage, () => async (args) => {
  const [story = "show", ...rest] = args.positionals;
  switch (story) {
    case "show":
      printResult(
        JSON.stringify({
          positionals: rest,
          dryRun: args.flag("dry-run"),
          yes: args.flag("yes"),
          size: args.value("size"),
          name: args.value("name"),
          masterKey: args.value("master-key"),
        }),
      );
      return true;
    case "fail":
      return false;
    case "mistake":
      throw new UserError("it did not work", { hint: "Try again." });
    case "input":
      throw new InputError("that is no input");
    case "bug":
      throw new TypeError("cannot read properties of undefined");
    case "text":
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a library may throw
      throw "no error at all";
    case "confirm":
      await askToConfirm(args, {
        list: ["the service", "the secret"],
        question: "Remove?",
        what: "removal",
        command: "npx tsx scripts/sample.ts confirm",
        done: "removed",
      });
      printResult("agreed");
      return true;
    case "prompt":
      printResult(`${String((await promptHidden("Key:")).length)} characters`);
      return true;
    case "wait":
      await Promise.all([
        whileWaiting({ what: "Bring it up", upTo: 240 }, async () => {
          await setTimeout(300);
          say("a line meanwhile");
          await setTimeout(300);
        }),
        whileWaiting({ what: "Something else" }, () => setTimeout(500)),
      ]);
      say("done");
      return true;
    case "read":
      printResult(JSON.stringify(await readStdin()));
      return true;
    default:
      say(`there is no story ${story}`);
      return false;
  }
});
