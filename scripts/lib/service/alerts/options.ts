import { InputError } from "../../cli/errors.ts";
import type { Arguments } from "../../cli/run-script.ts";

/** What stands in gcloud's list of labels as it is: no comma, no equals sign. */
const EMAIL = /^[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** The address of `--alerts=EMAIL`; undefined: nobody asked. Throws InputError for what is none. */
export function parseAlerts(
  args: Pick<Arguments, "value" | "flag">,
): string | undefined {
  const email = args.value("alerts");
  if (email !== undefined && args.flag("remove")) {
    throw new InputError(
      "--alerts makes alerts, --remove takes them away: give one of them",
    );
  }
  if (email === undefined || EMAIL.test(email)) return email;
  throw new InputError(`--alerts=${email}: expected one e-mail address`, {
    hint: "For several people: the address of a group.",
  });
}
