import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../../scripts/lib/cli/errors.ts";
import type { Command } from "../../../../scripts/lib/google/gcloud.ts";
import {
  type ClientKey,
  type KeyList,
  NO_KEYS,
  formatKeyList,
  idOf,
  makeKey,
  mergeKeyLists,
  parseKeyList,
} from "../../../../scripts/lib/service/client-keys/key-list.ts";
import {
  destroyOutdated,
  storeKeys,
} from "../../../../scripts/lib/service/client-keys/store-keys.ts";
import { settingsWith } from "../../../support/states.ts";

const settings = settingsWith({ CLIENT_KEYS: "true" });
const NOW = new Date("2026-11-28T10:00:00Z");
const entryOf = (name: string): ClientKey => makeKey({ name }, NOW).entry;
const adding = (entry: ClientKey): KeyList => ({ keys: [entry], removed: [] });
const removing = (entry: ClientKey): KeyList => ({
  keys: [],
  removed: [idOf(entry)],
});

it("keeps of a key its hash alone", () => {
  const { key, entry } = makeKey({ name: "team-a", models: ["m"] }, NOW);
  expect(key.reveal()).toMatch(/^sk-[0-9a-f]{64}$/);
  const text = formatKeyList(adding(entry));
  expect(text).not.toContain(key.reveal().slice(3, 20));
  expect(parseKeyList(text, "here").keys).toEqual([
    {
      name: "team-a",
      models: ["m"],
      created: "2026-11-28T10:00:00.000Z",
      sha256: createHash("sha256").update(key.reveal()).digest("hex"),
    },
  ]);
});

it("takes nothing else for a list, and does not show it", () => {
  for (const text of ["sk-secret", "{}", '{"keys": 1}', ""]) {
    expect(() => parseKeyList(text, "version 1 of secret s")).toThrow(
      /^version 1 of secret s holds no list of client keys$/,
    );
  }
});

it("is refused where Secret Manager would not take it", () => {
  const keys = Array.from({ length: 600 }, () => entryOf("team-a"));
  expect(() => formatKeyList({ keys, removed: [] })).toThrow(
    /would have \d+ bytes: Secret Manager takes at most 65536/,
  );
});

it("does not bring back what was removed", () => {
  const [a, b] = [entryOf("a"), entryOf("b")];
  const before = { keys: [a, b], removed: [] };
  expect(mergeKeyLists([before, removing(a), before]).keys).toEqual([b]);
});

/** A secret that takes every version, as Secret Manager does. */
function openSecret() {
  const versions = [formatKeyList(NO_KEYS)];
  const read = (version: number) => {
    const text = versions[version - 1];
    return Promise.resolve(
      text === undefined ? undefined : parseKeyList(text, "here"),
    );
  };
  const gcloud = ({ input = "" }: Command) => {
    versions.push(input);
    return Promise.resolve(`projects/1/secrets/s/versions/${versions.length}`);
  };
  return { versions, effects: { gcloud, readList: read } };
}

describe("several who change the list at once", () => {
  it("lose nothing, whoever is first", async () => {
    const { versions, effects } = openSecret();
    const old = entryOf("old");
    versions.push(formatKeyList(adding(old)));
    const stored = { keys: [old], removed: [], version: 2, outdated: [] };
    const entries = ["a", "b", "c", "d"].map(entryOf);
    const changes = [...entries.map(adding), removing(old)];
    await Promise.all(
      changes.map((change) => storeKeys(settings, stored, change).run(effects)),
    );
    const last = parseKeyList(versions.at(-1) ?? "", "here");
    expect(last.keys.map(({ name }) => name).sort()).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
    expect(last.removed).toEqual([idOf(old)]);
  });

  it("store one version where nobody else does", async () => {
    const { versions, effects } = openSecret();
    const stored = { ...NO_KEYS, version: 1, outdated: [] };
    await storeKeys(settings, stored, adding(entryOf("a"))).run(effects);
    expect(versions).toHaveLength(2);
  });
});

describe("lists that are long replaced", () => {
  const stored = { ...NO_KEYS, version: 30, outdated: [1, 2, 3, 4, 5, 6, 7] };

  it("are destroyed, a few at a time", () => {
    const titles = destroyOutdated(settings, stored).map(({ title }) => title);
    expect(titles).toHaveLength(5);
    expect(titles[0]).toMatch(/^Destroy version 1 of secret \S+, an old list$/);
  });

  it("stay where the caller may not destroy them", async () => {
    const [step] = destroyOutdated(settings, stored);
    const refused = () => Promise.reject(new UserError("may not"));
    await expect(step?.run({ gcloud: refused })).resolves.toBeUndefined();
    const broken = () => Promise.reject(new TypeError("a slip"));
    await expect(step?.run({ gcloud: broken })).rejects.toThrow("a slip");
  });
});
