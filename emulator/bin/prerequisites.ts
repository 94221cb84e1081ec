import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../core/user-error.ts";

/** The real gcloud is a part of the rehearsal. Throws UserError when it is not there. */
export async function requireGcloud(): Promise<void> {
  await promisify(execFile)("sh", ["-c", "command -v gcloud"]).catch(
    (cause: unknown) => {
      throw new UserError("the gcloud CLI is not installed", {
        hint:
          process.platform === "darwin"
            ? "Install it: brew install --cask gcloud-cli"
            : "Install it: https://cloud.google.com/sdk/docs/install (Debian and Ubuntu: apt-get install google-cloud-cli, from Google's repository)",
        cause,
      });
    },
  );
}
