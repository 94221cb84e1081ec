import { DEVELOPER } from "../../emulator/emulator.ts";
import { type TestEmulator, startTestEmulator } from "./emulator.ts";
import { type Workspace, makeWorkspace } from "./workspace.ts";

/** The shipped stages: dev in one project, two prod regions in another. Nothing is set up. */
export async function startThreeStages(
  options: Parameters<typeof startTestEmulator>[0] = {},
): Promise<{ emulator: TestEmulator; workspace: Workspace }> {
  const emulator = await startTestEmulator({
    litellm: "stand-in",
    ...options,
  });
  emulator.cloud.createProject("demo-prod", DEVELOPER);
  const workspace = await makeWorkspace(emulator);
  await workspace.setProject("dev", "demo-litellm");
  await workspace.setProject("prod-us", "demo-prod");
  await workspace.setProject("prod-eu", "demo-prod");
  return { emulator, workspace };
}
