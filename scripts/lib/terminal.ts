import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { readProcessEnv } from "./process-env.ts";

/** Output for people goes to standard error; standard output carries results only. */
export function say(line = ""): void {
  process.stderr.write(`${line}\n`);
}

/** A result for programs or for a pipe. */
export function printResult(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Whether somebody can answer a question. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks a yes-or-no question; no is the default. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({
    input: process.stdin,
    output: process.stderr,
  });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Asks for a secret; what is typed is not shown. */
export async function promptHidden(question: string): Promise<string> {
  process.stderr.write(`${question} `);
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({
    input: process.stdin,
    output: silent,
    terminal: true,
  });
  const answer = await terminal.question("");
  terminal.close();
  say();
  return answer.trim();
}

export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin)
    chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString("utf8").trim();
}

/** Dims text on a terminal that shows colours. */
export function dim(text: string): string {
  const colours = process.stderr.isTTY && !readProcessEnv().NO_COLOR;
  return colours ? `\u001b[2m${text}\u001b[22m` : text;
}
