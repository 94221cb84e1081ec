import { ArtifactRegistryClient } from "@google-cloud/artifact-registry";
import { LOCATION, attempt, connect, finish } from "./calls.js";

export async function tryArtifactRegistry() {
  const client = connect(ArtifactRegistryClient);
  for (const repositoryId of ["n-1", "n-2"]) {
    await attempt(`artifactregistry.create ${repositoryId}`, async () => {
      const repository = { format: "DOCKER", description: "images" };
      const request = { parent: LOCATION, repositoryId, repository };
      return (await finish(await client.createRepository(request))).format;
    });
  }
  await attempt("artifactregistry.get", async () => {
    const name = `${LOCATION}/repositories/n-1`;
    return (await client.getRepository({ name }))[0].description;
  });
  await attempt("artifactregistry.delete", async () => {
    const name = `${LOCATION}/repositories/n-2`;
    await finish(await client.deleteRepository({ name }));
  });
}
