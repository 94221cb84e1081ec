/** The only place that reads the environment of this process. */
export function readProcessEnv(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
