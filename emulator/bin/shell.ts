/** `export` lines for a POSIX shell to evaluate. */
export function toExports(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
}

/**
 * Makes an interactive bash say at each prompt where it is. Bash's own files set
 * PS1 after they are read, so the prompt is marked each time (Bash manual,
 * "Controlling the Prompt").
 */
export function promptOf({
  PROMPT_COMMAND: own = "",
}: NodeJS.ProcessEnv): Record<string, string> {
  const mark = `PS1="(rehearsal) \${PS1#"(rehearsal) "}"`;
  return {
    PROMPT_COMMAND: own === "" ? mark : `${own.replace(/;\s*$/, "")}; ${mark}`,
  };
}

function quote(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
