import { UserError } from "../../cli/errors.ts";
import { say } from "../../cli/terminal.ts";
import { addVersion, destroyVersion } from "../../google/commands/secrets.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { versionNumber } from "../../google/secret-versions.ts";
import type { GcloudEffects, Step } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import { type KeyList, formatKeyList, mergeKeyLists } from "./key-list.ts";
import type { StoredKeys } from "./read-keys.ts";

/** What storing a list needs. */
export interface KeyListEffects extends GcloudEffects {
  /** Undefined: there is no such version. */
  readList: (version: number) => Promise<KeyList | undefined>;
}

const MOST_TRIES = 20;

/**
 * Stores a list with what changes. Secret Manager adds a version whatever others
 * added since it was read, but numbers them one after the other: where a number
 * is left out, what stands there is put together with this, and stored again.
 */
export function storeKeys(
  settings: Settings,
  stored: StoredKeys,
  change: KeyList,
): Step<KeyListEffects> {
  const { clientKeysSecret: secret } = settings;
  const toCommand = (list: KeyList) =>
    addVersion(settings, secret, { text: formatKeyList(list) });
  const wanted = mergeKeyLists([stored, change]);
  return {
    title: `Store the client keys in secret ${secret}`,
    preview: formatCommand(toCommand(wanted)),
    run: async ({ gcloud, readList }) => {
      let list = wanted;
      let known = stored.version;
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const name = await gcloud(toCommand(list));
        if (versionNumber(name) === known + 1) return;
        // To the newest one: who is first then is done, however many there are.
        let other = await readList(known + 1);
        for (; other !== undefined; other = await readList(known + 1)) {
          list = mergeKeyLists([list, other]);
          known += 1;
        }
      }
      throw new UserError(
        `others changed secret ${secret} at the same time, ${MOST_TRIES} times in a row`,
        {
          hint: "Look at what it has now (list), and run it again if need be.",
        },
      );
    },
  };
}

/** Most versions that one run destroys: it is there for something else. */
const MOST_DESTROYED = 5;

/** Destroys lists that are long replaced. Whoever may not do that stores a list all the same. */
export function destroyOutdated(
  settings: Settings,
  { outdated }: StoredKeys,
): Step[] {
  const { clientKeysSecret: secret } = settings;
  return outdated.slice(0, MOST_DESTROYED).map((number) => {
    const command = destroyVersion(settings, secret, number);
    return {
      title: `Destroy version ${number} of secret ${secret}, an old list`,
      preview: formatCommand(command),
      run: async ({ gcloud }) => {
        try {
          await gcloud(command);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          say(`version ${number} of secret ${secret} stays: ${error.message}`);
        }
      },
    };
  });
}
