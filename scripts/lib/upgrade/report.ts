import { UserError } from "../cli/errors.ts";
import { scriptCommand } from "../cli/script-command.ts";
import type { Newer } from "./read-newer.ts";

/** For people, before anything is merged. */
export function describeNewer({ versions, commits, own }: Newer): string[] {
  const { here, there } = versions;
  const version = here === there ? here : `${here} → ${there}`;
  const count = commits === 1 ? "1 commit" : `${String(commits)} commits`;
  return [
    `litellm-cloudrun ${version}, ${count}.`,
    ...(own.length === 0 ? [] : ["It changes in envs/ and config/:"]),
    ...own.map((file) => `  ${file}`),
  ];
}

/** Throws UserError where git could not join what was changed here with what was changed there. */
export function refuseConflicts({ conflicts, commit }: Newer): void {
  if (conflicts.length === 0) return;
  throw new UserError(
    `changed both here and there, so nothing was merged:\n${conflicts.map((file) => `  ${file}`).join("\n")}`,
    {
      hint: `Merge by hand: git merge ${commit}, choose in these files, git add them, git commit. Back: git merge --abort`,
    },
  );
}

/** What to do once it is merged. */
export function describeMerged({ packages, versions }: Newer): string[] {
  return [
    `Merged. What changes in the cloud: CHANGELOG.md, ${versions.there}.`,
    ...(packages ? ["Its packages: npm ci"] : []),
    `Then, for each env: ${scriptCommand("plan", "ENV")}`,
    "Back to what was here: git reset --hard ORIG_HEAD",
  ];
}
