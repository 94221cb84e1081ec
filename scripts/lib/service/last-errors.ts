import { UserError } from "../cli/errors.ts";
import { hideSecrets } from "../cli/hide-secrets.ts";
import { readRevisionLog } from "../google/commands/logging.ts";
import { formatCommand, toRead } from "../google/gcloud.ts";
import { isNotYetVisible } from "../google/not-yet-visible.ts";
import { parseJson } from "../google/parse-json.ts";
import type { GcloudEffects } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import { adviseOnStart } from "./start-advice.ts";

/** How Cloud Run says, in gcloud's error and in the revision's condition, that a container did not start. */
const NOT_STARTED = /failed to start|startup probe|is not ready and cannot/;

const MOST_LINES = 3;
const LONGEST_LINE = 300;

/** Runs what brings a revision up. Where that does not start, its error also says what the revision wrote last. */
export async function withLastErrors<T>(
  effects: GcloudEffects,
  settings: Settings,
  revision: string,
  bringUp: () => Promise<T>,
): Promise<T> {
  try {
    return await bringUp();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // No container began, so none wrote anything; whoever waits for Google has to know it.
    if (isNotYetVisible(error)) throw error;
    if (!NOT_STARTED.test(error.message)) throw error;
    throw await explain(effects, settings, revision, error);
  }
}

async function explain(
  { gcloud }: GcloudEffects,
  settings: Settings,
  revision: string,
  cause: UserError,
): Promise<UserError> {
  const command = readRevisionLog(settings, revision);
  const look = `The whole log: ${formatCommand(toRead(command))}`;
  // Whoever may deploy need not be allowed to read logs.
  const entries = await gcloud(command)
    .then((answer) => parseJson(command, answer) as Entry[])
    .catch(() => []);
  const lines = toLines(entries);
  const errors = chooseErrors(lines);
  const told =
    errors.length === 0
      ? cause.message
      : [
          cause.message,
          `The last that ${revision} wrote:`,
          ...errors.map((line) => `  ${line}`),
        ].join("\n");
  const advice = adviseOnStart(lines, settings);
  return new UserError(told, {
    hint: [...(advice === undefined ? [] : [advice]), look].join("\n  "),
    cause,
  });
}

interface Entry {
  textPayload?: string;
  jsonPayload?: { message?: unknown };
}

/** In the order in which they were written. */
function toLines(entries: readonly Entry[]): string[] {
  return (
    entries
      .map(({ textPayload, jsonPayload }) => {
        const text = textPayload ?? jsonPayload?.message;
        return typeof text === "string" ? text : "";
      })
      .reverse()
      .flatMap((text) => text.split("\n"))
      .map((line) => hideSecrets(line.trim()).slice(0, LONGEST_LINE))
      // LiteLLM begins with its name, drawn in blocks.
      .filter((line) => /\w/.test(line))
  );
}

/** Of Python, of Cloud Run about memory; where there is none, whatever came last. */
const ERROR = /^(\w+\.)*\w*(Error|Exception)\b|Memory limit of /;

/** In a traceback: a file of the config's directory, which is mounted there. */
const OWN_FRAME = /^File "[^"]*\/secrets\/([^"/]+)", line (\d+)/;

function chooseErrors(lines: readonly string[]): string[] {
  const errors = listErrors(lines);
  const chosen = errors.length > 0 ? errors : lines;
  return [...new Set(chosen)].slice(-MOST_LINES);
}

/** Each with the last line of an own file that it came through. */
function listErrors(lines: readonly string[]): string[] {
  let place = "";
  return lines.flatMap((line) => {
    const [, file, number] = OWN_FRAME.exec(line) ?? [];
    if (file !== undefined) place = ` (${file}:${number ?? ""})`;
    if (!ERROR.test(line)) return [];
    const told = `${line}${place}`;
    place = "";
    return [told];
  });
}
