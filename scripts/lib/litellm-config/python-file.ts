/** What can be said of a Python file without running it. */
export interface PythonFile {
  /** Every word on the level of the module: what is not among them has no value there. Undefined: names may be made as it runs. */
  words: ReadonlySet<string> | undefined;
  /** Of the words those that are classes, and nothing else. */
  classes: ReadonlySet<string>;
  imports: PythonImport[];
  /** Whether it says where Python is to look for modules. */
  changesPath: boolean;
}

export interface PythonImport {
  /** `helper` of `helper.words`; a relative import begins with its points. */
  module: string;
  /** From 1. */
  line: number;
}

/** With any of these a module may have names that stand nowhere in it. */
const DYNAMIC =
  /\bimport\s+\*|\b(globals|vars|exec|setattr)\s*\(|__getattr__|__dict__/;

export function readPython(text: string): PythonFile {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*$/, ""));
  const code = lines.join("\n");
  const ofModule = keepModuleLevel(lines);
  const words = ofModule.flatMap((line) => line.match(/[A-Za-z_]\w*/g) ?? []);
  return {
    words: DYNAMIC.test(code) ? undefined : new Set(words),
    classes: new Set(
      ofModule
        .flatMap((line) => /^\s*class\s+(\w+)/.exec(line)?.[1] ?? [])
        .filter((name) => !isAssigned(name, ofModule)),
    ),
    imports: lines.flatMap((line, index) =>
      listModules(line).map((module) => ({ module, line: index + 1 })),
    ),
    changesPath: /\bsys\.path\b/.test(code),
  };
}

function isAssigned(name: string, lines: readonly string[]): boolean {
  const assignment = new RegExp(`\\b${name}\\b[^=]*=(?!=)`);
  return lines.some(
    (line) => !/^\s*class\b/.test(line) && assignment.test(line),
  );
}

/** Without the bodies of classes and functions. */
function keepModuleLevel(lines: readonly string[]): string[] {
  /** Columns before the head of the class or the function that a line is in. */
  let head = Infinity;
  return lines.filter((line) => {
    const column = line.search(/\S/);
    if (column < 0 || column > head) return false;
    // A decorator stands before its function, and a bracket closes a head of several lines.
    const isHead = /^\s*(class|def|async\s+def)\b/.test(line);
    head = isHead ? column : Infinity;
    return true;
  });
}

/** The modules that a line imports, each up to its first point. */
function listModules(line: string): string[] {
  const from = /^\s*from\s+(\.*\w*)[\w.]*\s+import\b/.exec(line)?.[1];
  if (from !== undefined) return [from];
  const list = /^\s*import\s+([\w.,\s]+)$/.exec(line)?.[1] ?? "";
  return list
    .split(",")
    .map((part) => /^\s*(\w+)/.exec(part)?.[1])
    .filter((module) => module !== undefined);
}
