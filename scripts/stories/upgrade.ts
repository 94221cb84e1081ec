import { runGit } from "../lib/cli/git.ts";
import type { Arguments } from "../lib/cli/run-script.ts";
import { printResult, say } from "../lib/cli/terminal.ts";
import {
  chooseRemote,
  readNewer,
  requireCommitted,
} from "../lib/upgrade/read-newer.ts";
import {
  describeMerged,
  describeNewer,
  refuseConflicts,
} from "../lib/upgrade/report.ts";

export async function upgrade(args: Arguments): Promise<boolean> {
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
  await runGit("merge", "--no-edit", newer.commit);
  for (const line of describeMerged(newer)) say(line);
  return true;
}
