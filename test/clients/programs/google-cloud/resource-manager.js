import { ProjectsClient } from "@google-cloud/resource-manager";
import { PARENT, attempt, connect, finish } from "./calls.js";

export async function tryResourceManager() {
  const client = connect(ProjectsClient);
  await attempt("resourcemanager.get", async () => {
    const [project] = await client.getProject({ name: PARENT });
    return project.projectId;
  });
  await attempt("resourcemanager.delete", async () =>
    finish(await client.deleteProject({ name: PARENT })),
  );
}
