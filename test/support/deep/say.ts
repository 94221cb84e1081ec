/** What a long test has found so far, at once. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
