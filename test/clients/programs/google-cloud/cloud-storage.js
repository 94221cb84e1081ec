import { Storage } from "@google-cloud/storage";
import { EMULATOR, PROJECT, attempt, logIn } from "./calls.js";

export async function tryCloudStorage() {
  const client = new Storage({
    projectId: PROJECT,
    authClient: logIn(),
    apiEndpoint: EMULATOR,
    useAuthWithCustomEndpoint: true,
  });
  const bucket = client.bucket(`${PROJECT}-node`);
  await attempt("storage.create", async () => {
    await client.createBucket(bucket.name, { location: "us-central1" });
  });
  const file = bucket.file("a/one.txt");
  const fresh = {
    resumable: false,
    preconditionOpts: { ifGenerationMatch: 0 },
  };
  await attempt("storage.upload", () => file.save("one", fresh));
  await attempt("storage.upload again", () => file.save("two", fresh));
  await attempt("storage.download", async () =>
    (await file.download())[0].toString(),
  );
  await attempt("storage.move", async () => {
    await file.move(bucket.file("b.txt"));
  });
  await attempt("storage.list", async () =>
    (await bucket.getFiles())[0].map((one) => one.name),
  );
  await attempt("storage.delete", async () => {
    await bucket.deleteFiles();
    await bucket.delete();
  });
}
