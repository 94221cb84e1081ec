import fc from "fast-check";

/** One slip of whoever edits a file. */
type Mutation = (text: string) => string;

/** What has another meaning in YAML, in a shell or in an env file. */
const TRAPS = [
  ...["", " ", "\t", "\r", "\0", "\uFEFF", "\u2028", "é", "𝒳"],
  ...["#", ":", "- ", "!!binary x", "&a", "*a", "<<: *a", "? ", "|", ">"],
  ...["{", "}", "[", "]", '"', "'", "`", "$(id)", "${X}", "%", "@", "---"],
  ...["null", "~", "yes", "0x1F", "1e999", "-1", "NaN", "2026-11-27", "[[]]"],
  ...["__proto__", "constructor", "os.environ/", "os.environ/X", "sk-1"],
];

const position = fc.nat({ max: 10_000 });

/** Up to five slips in a text. */
export function mutated(text: string): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(...mutations()), { minLength: 1, maxLength: 5 })
    .map((slips) => slips.reduce((t, slip) => slip(t), text));
}

function mutations(): fc.Arbitrary<Mutation>[] {
  const trap = fc.oneof(
    fc.constantFrom(...TRAPS),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  return [
    // Something is typed in between.
    fc.tuple(position, trap).map(
      ([at, what]): Mutation =>
        (text) =>
          insert(text, at, what),
    ),
    // A line is lost, or there twice, or moved in.
    position.map((at): Mutation => onLine(at, () => [])),
    position.map((at): Mutation => onLine(at, (line) => [line, line])),
    position.map((at): Mutation => onLine(at, (line) => [`  ${line}`])),
    position.map((at): Mutation => onLine(at, (line) => [line.trimStart()])),
    // A value is another one, or none.
    fc
      .tuple(position, trap)
      .map(([at, what]): Mutation =>
        onLine(at, (line) => [line.replace(/([:=]\s*).*/, `$1${what}`)]),
      ),
    // The rest is lost.
    position.map(
      (at): Mutation =>
        (text) =>
          text.slice(0, at % text.length),
    ),
  ];
}

function insert(text: string, at: number, what: string): string {
  const index = at % (text.length + 1);
  return text.slice(0, index) + what + text.slice(index);
}

function onLine(at: number, change: (line: string) => string[]): Mutation {
  return (text) => {
    const lines = text.split("\n");
    const index = at % lines.length;
    return lines
      .flatMap((line, i) => (i === index ? change(line) : [line]))
      .join("\n");
  };
}
