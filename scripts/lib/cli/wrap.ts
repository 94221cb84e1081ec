import { stripVTControlCharacters } from "node:util";

/** Breaks `text` at spaces into lines of at most `width` characters. A longer word stays whole: names and URLs are there to be copied. */
export function wrapWords(text: string, width: number): string[] {
  return fillLines(text.split(" "), width);
}

/** Lines that are too wide, each broken under its own indentation. One that is there to be copied stays whole. */
export function wrapSentences(text: string, width: number): string {
  const lines = text.split("\n").flatMap((line) => {
    if (lengthOf(line) <= width || isToBeCopied(line)) return [line];
    const words = line.trimStart();
    const indent = line.slice(0, line.length - words.length);
    return wrapWords(words, width - indent.length).map((l) => indent + l);
  });
  return lines.join("\n");
}

/** With a command in it; or code, which is indented by four as in Markdown. */
function isToBeCopied(line: string): boolean {
  const text = stripVTControlCharacters(line);
  return (
    /^ {4}|\b(npx tsx|npm|git|curl|printf) /.test(text) || GCLOUD.test(text)
  );
}

/** gcloud is also a word of sentences: a command names one of its groups. */
const GCLOUD =
  /\bgcloud (alpha |beta )?(artifacts|asset|auth|billing|builds|components|config|deploy|iam|info|logging|monitoring|org-policies|organizations|projects|quotas|run|secrets|services|storage)\b/;

/** Advice: a command alone breaks so that it can be pasted, one in a sentence stays whole. */
export function wrapAdvice(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => {
    const isAlone = /^(gcloud|npx|printf) /.test(line);
    if (isAlone) return wrapCommand(line, width);
    return wrapSentences(line, width).split("\n");
  });
}

/** Characters beside a label: with less room a longer text stands below. */
export const LEAST_ROOM = 20;

/** `text` beside a label, its further lines below its first one. */
export function wrapBeside(
  label: string,
  text: string,
  width: number,
): string[] {
  const margin = lengthOf(label);
  const room = width - margin;
  const fits = text.split("\n").every((line) => lengthOf(line) <= room);
  const longest = Math.max(...text.split(/\s/).map(lengthOf));
  const needed =
    longest > width - 2 ? LEAST_ROOM : Math.max(LEAST_ROOM, longest);
  const isBelow = !fits && room < needed;
  const indent = isBelow ? "  " : " ".repeat(margin);
  const lines = wrapSentences(text, width - indent.length).split("\n");
  const [first = "", ...more] = isBelow ? ["", ...lines] : lines;
  return [(label + first).trimEnd(), ...more.map((line) => indent + line)];
}

/** Breaks a shell command so that it can still be pasted: a backslash ends each line but the last. */
export function wrapCommand(command: string, width: number): string[] {
  // A quoted part belongs to one word, whatever it contains.
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const lines = fillLines(words, width - 4);
  return lines.map((line, index) => {
    const indented = index === 0 ? line : `  ${line}`;
    return index === lines.length - 1 ? indented : `${indented} \\`;
  });
}

function fillLines(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (lengthOf(longer) > width && line !== "") {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** Characters that are seen: a colour takes none. */
function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
