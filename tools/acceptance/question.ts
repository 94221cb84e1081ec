import type { Settings } from "../../scripts/lib/settings/settings.ts";
import type { Answer } from "./run.ts";

/** Something that the emulator believes, asked of the real Google by gcloud. */
export interface Question {
  /** Its entry in emulator/beliefs.md. */
  belief: string;
  question: string;
  /** gcloud's arguments. */
  ask: (settings: Settings) => readonly string[];
  /** What of the answer is compared. */
  read: (answer: Answer, settings: Settings) => string;
  /** What the emulator answers. */
  rehearsed: string;
}

/** What Google answered, beside what the emulator does. */
export interface Observation {
  belief: string;
  question: string;
  rehearsed: string;
  real: string;
}

export function isConfirmed({ rehearsed, real }: Observation): boolean {
  return rehearsed === real;
}

/** The first line of gcloud's error, without the command's name and who calls; what it printed where there was none. */
export function readError({ exitCode, stdout, stderr }: Answer): string {
  if (exitCode === 0) return `no error: ${stdout.trim()}`;
  const [, words = stderr] =
    /ERROR: (?:\(gcloud[\w.-]*\) )?(.+)/.exec(stderr) ?? [];
  return words
    .replace(/ This command is authenticated as .*/, "")
    .replace(/^\[[^\]]*\] does not/, "[ACCOUNT] does not")
    .trim();
}

/** What gcloud printed. */
export function readOutput({ exitCode, stdout, stderr }: Answer): string {
  return exitCode === 0 ? stdout.trim() : `error: ${stderr.trim()}`;
}
