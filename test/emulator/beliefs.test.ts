import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const EMULATOR = path.resolve(import.meta.dirname, "../../emulator");

/** A refusal that is thrown or noted, and a limit or wait that is a number. */
const RULE =
  /\bnew (?:GoogleError|InstanceError|ConditionNotMet)\(|(?<!function )\brefusal\(|\bviolations\.add\(|^(?:export )?const [A-Z][A-Z_]* = [\d_]+(?: \*+ [\d_]+)*;|\b(?:delay|[a-z]+Ms) = \d[\d_]*\b/gm;

interface Belief {
  id: string;
  /** File → how many of its rules the belief is about. */
  where: [string, number][];
  source: string | undefined;
  ifWrong: string | undefined;
}

function readBeliefs(): Belief[] {
  const text = readFileSync(path.join(EMULATOR, "beliefs.md"), "utf8");
  return text
    .split(/^## /m)
    .slice(1)
    .map((entry) => ({
      id: entry.slice(0, entry.indexOf("\n")),
      where: [
        ...(memberOf(entry, "Where") ?? "").matchAll(/`(\S+)` (\d+)/g),
      ].map(([, file = "", count]) => [file, Number(count)]),
      source: memberOf(entry, "Source"),
      ifWrong: memberOf(entry, "If it is wrong"),
    }));
}

function memberOf(entry: string, name: string): string | undefined {
  return new RegExp(`^- ${name}: (.+(?:\\n  .+)*)`, "m").exec(entry)?.[1];
}

/** Rules a file. */
function countRules(): Map<string, number> {
  const files = globSync("{core,machine,apis}/**/*.ts", { cwd: EMULATOR });
  const counts = files.map((file): [string, number] => {
    const text = readFileSync(path.join(EMULATOR, file), "utf8");
    return [file, [...text.matchAll(RULE)].length];
  });
  return new Map(counts.filter(([, count]) => count > 0).sort());
}

describe("the beliefs about Google", () => {
  const beliefs = readBeliefs();

  it("are there for each refusal, limit and wait of the emulator, and for nothing else", () => {
    const told = new Map<string, number>();
    for (const [file, count] of beliefs.flatMap(({ where }) => where)) {
      told.set(file, (told.get(file) ?? 0) + count);
    }
    expect(Object.fromEntries([...told].sort())).toEqual(
      Object.fromEntries(countRules()),
    );
  });

  it.each(beliefs)(
    "of $id have a source, and what follows if they are wrong",
    ({ source, ifWrong }) => {
      expect(source).toBeDefined();
      expect(ifWrong).toBeDefined();
    },
  );
});
