/** The only place that reads the environment of this process. */
export function readProcessEnv(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

const withheld = new Set<string>();

/** From now on no child process gets these variables. */
export function withholdFromChildren(names: readonly string[]): void {
  for (const name of names) withheld.add(name);
}

/** The environment for a child process: this one's, without what is withheld. */
export function childEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !withheld.has(name)),
  );
}
