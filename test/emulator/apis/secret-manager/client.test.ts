import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { OAuth2Client } from "google-auth-library";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crc32c } from "../../../../emulator/apis/secret-manager/crc32c.ts";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";

const PARENT = "projects/demo-litellm";

let emulator: TestEmulator;
let client: SecretManagerServiceClient;
beforeAll(async () => {
  emulator = await startTestEmulator();
  emulator.cloud
    .project("demo-litellm")
    .enabledApis.add("secretmanager.googleapis.com");
  const authClient = new OAuth2Client();
  authClient.setCredentials({
    access_token: emulator.cloud.newAccessToken("user:developer@example.com"),
  });
  client = new SecretManagerServiceClient({
    fallback: true,
    protocol: "http",
    apiEndpoint: "127.0.0.1",
    port: emulator.port,
    // The client's own copy of the library declares the same class once more.
    authClient: authClient as never,
  });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

async function createSecret(secretId: string): Promise<string> {
  const [secret] = await client.createSecret({
    parent: PARENT,
    secretId,
    secret: { replication: { automatic: {} } },
  });
  return secret.name ?? "";
}

describe("Google's Node client", () => {
  it("stores a payload under its checksum and reads it back", async () => {
    const name = await createSecret("litellm-master-key");
    const data = Buffer.from("sk-not-a-real-key-ünïcode");
    const [version] = await client.addSecretVersion({
      parent: name,
      payload: { data, dataCrc32c: crc32c(data) },
    });
    expect(version.name).toMatch(
      /^projects\/\d+\/secrets\/litellm-master-key\/versions\/1$/,
    );
    expect(version.clientSpecifiedPayloadChecksum).toBe(true);
    const [accessed] = await client.accessSecretVersion({
      name: `${name}/versions/latest`,
    });
    expect(accessed.name).toBe(version.name);
    expect(Buffer.from(accessed.payload?.data ?? "")).toEqual(data);
    expect(Number(accessed.payload?.dataCrc32c)).toBe(crc32c(data));
  });

  it("is told of a payload that does not fit its checksum", async () => {
    const name = await createSecret("damaged");
    await expect(
      client.addSecretVersion({
        parent: name,
        payload: { data: Buffer.from("payload"), dataCrc32c: 1 },
      }),
    ).rejects.toThrow(/checksum/);
  });

  it("finds 64 KiB to be the most that a version holds, and nothing to be too little", async () => {
    const name = await createSecret("large");
    const add = (bytes: number) =>
      client.addSecretVersion({
        parent: name,
        payload: { data: Buffer.alloc(bytes, "x") },
      });
    await expect(add(65_536)).resolves.toBeDefined();
    await expect(add(65_537)).rejects.toThrow(/65536 bytes/);
    await expect(add(0)).rejects.toThrow(/cannot be empty/);
  });

  it("pages through versions, newest first", async () => {
    const name = await createSecret("paged");
    for (const text of ["one", "two", "three"]) {
      await client.addSecretVersion({
        parent: name,
        payload: { data: Buffer.from(text) },
      });
    }
    const numbers: string[] = [];
    const pages = client.listSecretVersionsAsync({ parent: name, pageSize: 2 });
    for await (const version of pages) {
      numbers.push(version.name?.split("/").at(-1) ?? "");
    }
    expect(numbers).toEqual(["3", "2", "1"]);
    const sizes = emulator.exchanges
      .filter((e) => e.path.includes("pageSize=2"))
      .map((e) => JSON.parse(e.responseBody) as { versions: unknown[] })
      .map(({ versions }) => versions.length);
    expect(sizes).toEqual([2, 1]);
  });

  it("repoints an alias under the secret's etag", async () => {
    const name = `${PARENT}/secrets/paged`;
    const [before] = await client.getSecret({ name });
    const update = (etag: string) =>
      client.updateSecret({
        secret: { name, etag, versionAliases: { current: 2 } },
        updateMask: { paths: ["version_aliases"] },
      });
    const [after] = await update(before.etag ?? "");
    expect(Number(after.versionAliases?.current)).toBe(2);
    expect(after.etag).not.toBe(before.etag);
    await expect(update(before.etag ?? "")).rejects.toThrow(/etag/);
    const [accessed] = await client.accessSecretVersion({
      name: `${name}/versions/current`,
    });
    expect(Buffer.from(accessed.payload?.data ?? "").toString()).toBe("two");
  });

  it("hears NOT_FOUND for what is not there", async () => {
    await createSecret("empty");
    const access = (path: string) =>
      client.accessSecretVersion({ name: `${PARENT}/secrets/${path}` });
    await expect(access("absent/versions/1")).rejects.toMatchObject({
      code: 5,
    });
    await expect(access("empty/versions/latest")).rejects.toThrow(
      /Secret \[projects\/\d+\/secrets\/empty\] not found or has no versions\./,
    );
    await expect(access("paged/versions/9")).rejects.toThrow(
      /Secret Version \[projects\/\d+\/secrets\/paged\/versions\/9\] not found\./,
    );
  });

  it("deletes only under the current etag where it names one", async () => {
    const name = `${PARENT}/secrets/empty`;
    await expect(client.deleteSecret({ name, etag: '"00"' })).rejects.toThrow(
      /etag/,
    );
    const [{ etag }] = await client.getSecret({ name });
    await client.deleteSecret({ name, etag: etag ?? "" });
    await expect(client.getSecret({ name })).rejects.toMatchObject({ code: 5 });
  });
});

itConforms(() => emulator.exchanges);
