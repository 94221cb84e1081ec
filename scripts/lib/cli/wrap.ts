/** Breaks `text` at spaces into lines of at most `width` characters; a longer word is cut. */
export function wrapText(text: string, width: number): string[] {
  const words = text.split(" ").flatMap((word) => cutWord(word, width));
  return fillLines(words, width);
}

/** The same, but a longer word stays whole: names and URLs are there to be copied. */
export function wrapWords(text: string, width: number): string[] {
  return fillLines(text.split(" "), width);
}

/** Sentences, each line with its own indentation. One with a command in it stays whole: it is there to be copied. */
export function wrapSentences(text: string, width: number): string {
  const lines = text.split("\n").flatMap((line) => {
    if (/\b(npx tsx|gcloud|npm|git|curl) /.test(line)) return [line];
    const words = line.trimStart();
    const indent = line.slice(0, line.length - words.length);
    return wrapWords(words, width - indent.length).map((l) => indent + l);
  });
  return lines.join("\n");
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
    if (longer.length > width && line !== "") {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function cutWord(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  return [word.slice(0, width), ...cutWord(word.slice(width), width)];
}
