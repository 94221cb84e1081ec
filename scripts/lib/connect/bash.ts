import { hereDocument, quoteWord } from "../google/gcloud.ts";

/** A variable for the programs that this shell starts. */
export function exportText(name: string, value: string): string {
  return `export ${name}=${quoteWord(value)}`;
}

/** The same, with what a command prints. */
export function exportOutput(name: string, command: string): string {
  return `export ${name}="$(${command})"`;
}

/** Writes a file of our own; `file` may hold variables. */
export function writeFile(file: string, text: string): string {
  return [
    `mkdir -p "$(dirname "${file}")"`,
    `cat > "${file}" ${hereDocument(text)}`,
  ].join("\n");
}

/** A program on standard input. */
export function run(command: string, program: string): string {
  return `${command} ${hereDocument(program)}`;
}
