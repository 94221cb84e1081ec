export interface Dockerfile {
  /** The image that the last stage is made from. */
  base: string;
  /** The instructions of the last stage, one an element, without FROM. */
  instructions: string[];
}

/** Reads which image a Dockerfile builds upon; undefined where it names none. */
export function parseDockerfile(text: string): Dockerfile | undefined {
  const lines = text
    .replace(/^\s*#.*$/gm, "")
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const stages = new Map<string, string>();
  let last: Dockerfile | undefined;
  for (const line of lines) {
    const [, from, name] =
      /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?$/i.exec(line) ?? [];
    if (from === undefined) {
      last?.instructions.push(line);
      continue;
    }
    const base = stages.get(from) ?? from;
    if (name !== undefined) stages.set(name, base);
    last = { base, instructions: [] };
  }
  return last;
}
