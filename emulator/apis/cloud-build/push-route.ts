import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Hono } from "hono";
import { parse } from "yaml";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { type Problem, invalidArgument } from "../../core/json-problems.ts";
import { bool, message, readBody, string } from "../../core/message.ts";
import { nameOf } from "./build.ts";
import { startBuild } from "./context.ts";
import { createBuild } from "./create-build.ts";
import { BUILD, type SentBuild } from "./requests.ts";
import { type StoredBuild, type Trigger, buildingOf } from "./state.ts";
import { matches, repositoryOf } from "./trigger.ts";
import type { Workshop } from "./workshop.ts";

const PUSH = message({
  /** A checkout on this machine. */
  directory: string,
  branch: string,
  commit: string,
  /** A pull request against the branch instead. */
  pullRequest: bool,
});

interface Push {
  directory: string;
  branch: string;
  commit: string;
}

/** The emulator's own: what GitHub tells Cloud Build of a push. Answers with the builds that it set off. */
export function addPushRoute(routes: Hono<ApiEnv>, workshop: Workshop): void {
  const { cloud } = workshop;
  routes.post("/emulator/cloud-build/push", async (c) => {
    const sent = await readBody(c, PUSH);
    const { directory = "", branch = "", commit = "", pullRequest } = sent;
    if (!path.isAbsolute(directory) || !existsSync(directory)) {
      throw invalid(`directory: there is no ${directory || "directory"}`);
    }
    if (branch === "") throw invalid("branch: missing");
    if (!/^[0-9a-f]{40}$/.test(commit)) {
      throw invalid("commit: expected 40 hexadecimal digits");
    }
    const fired = [...buildingOf(cloud).triggers.values()].filter((trigger) =>
      matches(trigger, branch, pullRequest ?? false),
    );
    const builds: StoredBuild[] = [];
    for (const trigger of fired) {
      const push = { directory, branch, commit };
      builds.push(await buildFor(cloud, trigger, push));
    }
    for (const build of builds) startBuild(workshop, build);
    return c.json({
      builds: builds.map((build, index) => ({
        name: nameOf(build),
        id: build.id,
        trigger: fired[index]?.name,
      })),
    });
  });
}

async function buildFor(
  cloud: Cloud,
  trigger: Trigger,
  { directory, branch, commit }: Push,
): Promise<StoredBuild> {
  const [, projectId = "", , location = ""] = trigger.resourceName.split("/");
  const { filename = "", serviceAccount, substitutions } = trigger;
  const file = await readBuildFile(directory, filename);
  const repository = repositoryOf(trigger);
  return createBuild(
    cloud,
    {
      ...file,
      // The trigger's account wins over the file's.
      ...(serviceAccount !== undefined && { serviceAccount }),
      substitutions: { ...file.substitutions, ...substitutions },
    },
    {
      project: cloud.project(projectId),
      location,
      caller: undefined,
      trigger: {
        id: trigger.id,
        checkout: directory,
        values: {
          BRANCH_NAME: branch,
          REF_NAME: branch,
          COMMIT_SHA: commit,
          REVISION_ID: commit,
          SHORT_SHA: commit.slice(0, 7),
          REPO_NAME: repository.split("/").at(-1) ?? "",
          REPO_FULL_NAME: repository,
          TRIGGER_NAME: trigger.name,
          TRIGGER_BUILD_CONFIG_PATH: filename,
        },
      },
    },
  );
}

async function readBuildFile(
  directory: string,
  name: string,
): Promise<SentBuild> {
  const file = path.join(directory, name);
  if (!existsSync(file)) throw invalid(`the checkout has no ${name}`);
  const problems: Problem[] = [];
  const parsed: unknown = parse(await readFile(file, "utf8"));
  const build = BUILD.read(parsed, "", problems);
  if (build === undefined || problems.length > 0) {
    throw invalidArgument(problems);
  }
  return build;
}

function invalid(text: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", text);
}
