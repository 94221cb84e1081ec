import type { PipelineSession } from "./session.ts";
import type { EnvState, SetupState } from "./setup-state.ts";
import type { Settings } from "../settings/settings.ts";
import { readPipelineState } from "./read-pipeline.ts";
import { readAccountBindings } from "../service/state/read-project.ts";
import { readState } from "../service/state/read-state.ts";

/** The pipeline, and the project of each stage, in one parallel round. */
export async function readSetup(session: PipelineSession): Promise<SetupState> {
  const [pipeline, ...envs] = await Promise.all([
    readPipelineState(session.read, session.place),
    ...session.stages.map((settings) => readEnv(session, settings)),
  ]);
  return { pipeline, envs };
}

async function readEnv(
  session: PipelineSession,
  settings: Settings,
): Promise<EnvState> {
  const { projectId, serviceAccount } = settings;
  const read = session.readAs(projectId);
  const [project, accountBindings] = await Promise.all([
    readState(read, settings),
    readAccountBindings(read, projectId, serviceAccount),
  ]);
  return { settings, project, accountBindings };
}
