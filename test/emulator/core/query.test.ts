import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServiceAccount } from "../../../emulator/apis/iam/service-account.ts";
import { itConforms } from "../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../support/emulator.ts";
import { callRest } from "../../support/rest.ts";

const ACCOUNTS = "/v1/projects/demo-litellm/serviceAccounts";
const COUNT = 30;

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  const project = emulator.cloud.project("demo-litellm");
  project.enabledApis.add("iam.googleapis.com");
  for (let n = 100; n < 100 + COUNT; n += 1) {
    const email = `account-${String(n)}@demo-litellm.iam.gserviceaccount.com`;
    createServiceAccount(project, email, {});
  }
});

afterAll(() => emulator.close());

interface Page {
  accounts: { email: string }[];
  nextPageToken?: string;
}

const readPage = async (query: string): Promise<Page> => {
  const { body } = await callRest(emulator, "GET", `${ACCOUNTS}${query}`);
  return body as Page;
};

describe("a list", () => {
  it("has as many items as Google gives who names no size (20 accounts)", async () => {
    const page = await readPage("");
    expect(page.accounts).toHaveLength(20);
    expect(page.nextPageToken).toBeDefined();
  });

  it("has the size that the client names, and a token until its end", async () => {
    const seen: string[] = [];
    let token = "";
    let pages = 0;
    do {
      const page = await readPage(`?pageSize=7&pageToken=${token}`);
      expect(page.accounts.length).toBeLessThanOrEqual(7);
      seen.push(...page.accounts.map(({ email }) => email));
      token = page.nextPageToken ?? "";
      pages += 1;
    } while (token !== "");
    expect(pages).toBe(5);
    expect(new Set(seen).size).toBe(COUNT);
  });

  it("is read to its end by gcloud", async () => {
    const { stdout } = await emulator.gcloud([
      ...["iam", "service-accounts", "list", "--format=value(email)"],
    ]);
    expect(stdout.trim().split("\n")).toHaveLength(COUNT);
  });
});

itConforms(() => emulator.exchanges);
