import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { styleText } from "node:util";
import { InterruptedError } from "./errors.ts";
import { readProcessEnv } from "./process-env.ts";
import { wrapSentences } from "./wrap.ts";

/** The last line of a terminal, below all that was said; empty: there is none. */
let status = "";

/** What `--quiet` keeps from being seen; undefined: everything is seen. */
let heldBack: string[] | undefined;

/** From now on nothing is seen of what is said. */
export function holdBack(): void {
  heldBack = [];
}

/** Shows what was held back: something failed, or somebody is asked. */
export function showHeldBack(): void {
  const lines = heldBack ?? [];
  heldBack = undefined;
  for (const line of lines) say(line);
}

/** Output for people goes to standard error; standard output carries results only. */
export function say(line = ""): void {
  if (heldBack !== undefined) {
    heldBack.push(line);
    return;
  }
  const shown = fitTerminal(line, process.stderr);
  process.stderr.write(`${eraseStatus()}${shown}\n${status}`);
}

/** On a terminal lines that are too wide for it break between words. */
export function fitTerminal(text: string, stream: NodeJS.WriteStream): string {
  return wrapSentences(text, columns(stream, Infinity));
}

/** A result for programs or for a pipe. */
export function printResult(text: string): void {
  showStatus("");
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Whether one line can be renewed in place. */
export function hasStatusLine(): boolean {
  const isDumb = readProcessEnv().TERM === "dumb";
  return process.stderr.isTTY && !isDumb && heldBack === undefined;
}

/** Renews the last line, cut to the terminal's width; an empty one is taken away. Only where `hasStatusLine`. */
export function showStatus(text: string): void {
  const erase = eraseStatus();
  status = text.slice(0, columns(process.stderr) - 1);
  if (erase !== "" || status !== "") process.stderr.write(`${erase}${status}`);
}

/** To the first column, and the line cleared (ECMA-48: CR, EL). */
function eraseStatus(): string {
  return status === "" ? "" : "\r\u001b[K";
}

/**
 * Whoever read standard output or standard error may have gone (`| head -1`).
 * What is under way is finished all the same: a deploy is not to stop half-way
 * because nobody looks.
 */
export function bearClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Whether somebody can answer a question. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks a question; what is typed is shown. Undefined at Ctrl-D. */
export async function ask(question: string): Promise<string | undefined> {
  const answer = await askOn(question, process.stderr);
  if (answer === undefined) say();
  return answer?.trim();
}

/** Asks for a secret; what is typed is not shown. Empty where nothing is. */
export async function promptHidden(question: string): Promise<string> {
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const answer = await askOn(`${question} `, silent);
  say();
  return answer?.trim() ?? "";
}

/** Undefined at Ctrl-D. Throws InterruptedError at Ctrl-C. */
async function askOn(
  question: string,
  output: Writable,
): Promise<string | undefined> {
  showHeldBack();
  const { stdin: input } = process;
  const terminal = createInterface({ input, output, terminal: true });
  const ended = new Promise<undefined>((resolve, reject) => {
    terminal.once("SIGINT", () => {
      say();
      reject(new InterruptedError("interrupted; nothing was changed"));
    });
    terminal.once("close", () => {
      resolve(undefined);
    });
  });
  // Asked only now: until here the terminal shows what is typed.
  const hidden = output !== process.stderr;
  if (hidden) process.stderr.write(question);
  const answer = terminal.question(hidden ? "" : question);
  return Promise.race([answer, ended]).finally(() => {
    terminal.close();
  });
}

export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin)
    chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString("utf8").trim();
}

/** Dims text on a terminal that shows colours. */
export function dim(text: string): string {
  return styleText("dim", text, { stream: process.stderr });
}

/** Columns of a terminal; where it is none, or does not tell, `otherwise`. */
export function columns(
  { isTTY, columns: width }: Screen,
  otherwise = 80,
): number {
  return isTTY === true && width !== undefined && width > 0 ? width : otherwise;
}

/** The most columns that are filled: a wider terminal shows nothing that is easier to read. */
export const WIDEST = 80;

/** Columns to fill of a stream. */
export function pageWidth(screen: Screen): number {
  return Math.min(columns(screen), WIDEST);
}

/** As much of a stream as tells whether it is a terminal, and how wide. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
}
