import { type Stats, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

/** Looks for secrets where none may be, for as long as it runs. */
export interface LeakWatch {
  /** Ends the watch: where a secret was seen, and whose command lines were read. */
  stop: () => { leaks: string[]; commands: string[] };
}

/**
 * Reads the command line of every process again and again, as `ps` shows them,
 * and every file that is made or changed below some directories.
 */
export function watchForLeaks(
  secrets: readonly string[],
  directories: readonly string[],
): LeakWatch {
  const forms = secrets.flatMap(everyForm);
  const leaks = new Set<string>();
  const commands = new Set<string>();
  const seen = new Map<string, string>();
  const readCommands = (): void => {
    for (const command of listCommandLines()) {
      commands.add(command);
      if (contains(command, forms)) leaks.add(`command line: ${command}`);
    }
  };
  const readFiles = (): void => {
    for (const file of directories.flatMap((d) => listChanged(d, seen))) {
      if (contains(file.content, forms)) leaks.add(`file: ${file.name}`);
    }
  };
  const timers = [setInterval(readCommands, 10), setInterval(readFiles, 50)];
  return {
    stop: () => {
      timers.forEach(clearInterval);
      readFiles();
      return { leaks: [...leaks], commands: [...commands] };
    },
  };
}

/** Whether a text holds a secret, as it is or in base64. */
export function leaksInto(text: string, secrets: readonly string[]): boolean {
  return contains(text, secrets.flatMap(everyForm));
}

function everyForm(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64");
  return [secret, base64.replace(/=+$/, ""), encodeURIComponent(secret)];
}

function contains(text: string, forms: readonly string[]): boolean {
  return forms.some((form) => text.includes(form));
}

function listCommandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")))
    .filter((text) => text !== undefined)
    .map((text) => text.replaceAll("\0", " ").trim());
}

function listChanged(
  directory: string,
  seen: Map<string, string>,
): { name: string; content: string }[] {
  return listFiles(directory).flatMap((name) => {
    const stats = attempt(() => statSync(name));
    if (stats === undefined || seen.get(name) === stampOf(stats)) return [];
    seen.set(name, stampOf(stats));
    const content = attempt(() => readFileSync(name, "latin1"));
    return content === undefined ? [] : [{ name, content }];
  });
}

/** Links are not followed: a workspace links to node_modules. */
function listFiles(directory: string): string[] {
  const entries =
    attempt(() => readdirSync(directory, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const name = path.join(directory, entry.name);
    if (entry.isDirectory()) return listFiles(name);
    return entry.isFile() ? [name] : [];
  });
}

function stampOf(stats: Stats): string {
  return `${String(stats.mtimeMs)} ${String(stats.size)} ${String(stats.ino)}`;
}

/** Processes end and files vanish while they are read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
