import { runGit } from "../lib/cli/git.ts";
import { type Arguments, atInterruption } from "../lib/cli/run-script.ts";
import { printResult, say } from "../lib/cli/terminal.ts";
import {
  chooseRemote,
  readNewer,
  requireClone,
  requireCommitted,
} from "../lib/upgrade/read-newer.ts";
import {
  describeMerged,
  describeNewer,
  refuseConflicts,
} from "../lib/upgrade/report.ts";

export async function upgrade(args: Arguments): Promise<boolean> {
  await requireClone();
  await requireCommitted();
  const remote = await chooseRemote(args.value("from"));
  const newer = await readNewer(remote, args.positionals[0] ?? "HEAD");
  if (newer === undefined) {
    say("Nothing to do: this clone has all of it.");
    return true;
  }
  for (const line of describeNewer(newer)) say(line);
  refuseConflicts(newer);
  if (args.flag("dry-run")) {
    printResult(`git merge --no-edit ${newer.commit}`);
    return true;
  }
  const before = (await runGit("rev-parse", "HEAD")).trim();
  atInterruption(() => {
    say(`Back to what was here: git reset --hard ${before}`);
  });
  await runGit("merge", "--no-edit", newer.commit);
  for (const line of describeMerged(newer)) say(line);
  return true;
}
