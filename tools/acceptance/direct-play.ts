import type { Settings } from "../../scripts/lib/settings/settings.ts";
import * as ask from "./direct-questions.ts";
import { addMissingModel } from "./missing-model.ts";
import type { Scene } from "./scene.ts";
import type { Play } from "./step.ts";

/** What a first user does with one env: deploy, verify, change, break, roll back, rotate, remove. */
export function directPlay({ config }: Settings): Play {
  let shipped = "";
  return {
    steps: [
      {
        id: "deploy",
        title: "A first deploy",
        run: (scene) => deploy(scene, "Done: "),
        questions: [ask.traffic, ask.alias, ...ask.refusals],
      },
      {
        id: "verify",
        title: "A verification",
        run: async ({ script, env }) => {
          await script("verify", env);
        },
      },
      {
        id: "again",
        title: "The same again: nothing to do",
        run: (scene) => deploy(scene, "Nothing to do"),
      },
      {
        id: "change",
        title: "A changed config, verified at 0 % before it takes the traffic",
        run: async (scene) => {
          await scene.edit(config, (text) => `${text}\n# Changed.\n`);
          await deploy(scene, "Done: ");
        },
        questions: [ask.traffic],
      },
      {
        id: "broken",
        title: "A broken candidate, which gets no traffic",
        run: async (scene) => {
          await scene.edit(config, (text) => {
            shipped = text;
            return addMissingModel(text);
          });
          const { exitCode, stderr } = await scene.tryScript(
            "deploy",
            ...[scene.env, "--yes"],
          );
          await scene.edit(config, () => shipped);
          if (exitCode === 1) return;
          throw new Error(`the broken candidate went through:\n${stderr}`);
        },
        questions: [ask.traffic],
      },
      {
        id: "rollback",
        title: "Back to the revision before",
        run: async ({ script, env }) => {
          await script("rollback", env, "--yes");
        },
        questions: [ask.traffic],
      },
      {
        id: "rotate",
        title: "A new master key",
        run: async ({ script, env }) => {
          await script("rotate", env, "--yes", `--confirm=${env}`);
        },
        questions: [ask.traffic, ask.delayedDestruction],
      },
    ],
    removal: [
      {
        id: "clean",
        title: "Everything removed",
        run: async ({ script, env }) => {
          await script("clean", env, "--yes", `--confirm=${env}`);
        },
        questions: [ask.missingService],
      },
    ],
  };
}

async function deploy({ script, env }: Scene, ends: string): Promise<void> {
  const { stderr } = await script("deploy", env, "--yes");
  if (stderr.includes(ends)) return;
  throw new Error(`deploy did not end with "${ends}":\n${stderr}`);
}
