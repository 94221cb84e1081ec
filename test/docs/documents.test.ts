import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { SETTING_NAMES } from "../../scripts/lib/settings/check-settings.ts";
import { makePages } from "../../tools/documents/pages.ts";
import { type Document, readDocument } from "./markdown.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FILES = [
  "README.md",
  "README.zh-CN.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "emulator/README.md",
  ...globSync("docs/*.md", { cwd: ROOT }).sort(),
];

/** What could be linked to in the README of 0.1.0. */
const OLD_ANCHORS = [
  "try-it",
  "what-it-makes",
  "going-real-in-five-minutes",
  "with-a-gemini-api-key-instead-of-vertex-ai",
  "envs",
  "least-roles",
  "from-the-bash-flow",
  "commands",
  "npx-tsx-scriptsdeployts-env",
  "npx-tsx-scriptsverifyts-env",
  "npx-tsx-scriptsrollbackts-env",
  "npx-tsx-scriptscleants-env",
  "npx-tsx-scriptssetupts",
  "npx-tsx-scriptsreleasets",
  "npx-tsx-scriptspromotets-env",
  "npm-run-validate----file-options",
  "npm-start----options",
  "npm-run-rehearse----options",
  "npm-run-emulator----options",
  "for-maintainers",
  "settings",
  "models",
  "keys",
  "how-a-deploy-works",
  "promotion",
  "the-image-that-runs",
  "accounts",
  "sizes",
  "costs",
  "security",
  "the-rehearsal",
  "limits",
  "troubleshooting",
  "reading-the-log",
  "figures",
  "development",
  "license",
];

test("the README is one page of at most 180 lines", () => {
  expect(lines("README.md").length).toBeLessThanOrEqual(180);
});

describe("the Chinese README has what the English one has:", () => {
  /** Without what is on its way out: old anchors. */
  const english = (): string =>
    source("README.md").replace(/^## Moved\n.*?(?=^## )/ms, "");
  const chinese = (): string => source("README.zh-CN.md");

  test.each([
    ["headings", /^#+(?= )/gm],
    [
      "commands, without their comments",
      /^(?:npm|npx|echo|gcloud) [^#\n]*[^#\n ]/gm,
    ],
    ["commands and settings that it names", /`[^`\n]+`/g],
    ["tables, by their rows", /^\|/gm],
    ["links", /\]\((?!README|#)[^)]+\)/g],
  ])("%s", (_, pattern) => {
    const all = (text: string) => text.match(pattern) ?? [];
    expect(all(english())).not.toEqual([]);
    expect(all(chinese())).toEqual(all(english()));
  });
});

test.each(FILES)("every link in %s leads somewhere", (file) => {
  const dead = read(file).links.filter((link) => !leadsSomewhere(file, link));
  expect(dead).toEqual([]);
});

test("an anchor of the README of 0.1.0 still leads somewhere", () => {
  const { anchors } = read("README.md");
  expect(OLD_ANCHORS.filter((anchor) => !anchors.has(anchor))).toEqual([]);
});

test("the generated pages are fresh: npm run docs", async () => {
  const stale = (await makePages(ROOT)).filter(
    ({ file, text }) => read(file).text !== text,
  );
  expect(stale.map(({ file }) => file)).toEqual([]);
});

test("docs/settings.md has every setting", () => {
  const { text } = read("docs/settings.md");
  const missing = SETTING_NAMES.filter(
    (name) => !text.includes(`| \`${name}\` `),
  );
  expect(missing).toEqual([]);
});

test.each(globSync("scripts/*.ts", { cwd: ROOT }))(
  "%s stands in the README and on the page of commands",
  (script) => {
    expect(read("README.md").text).toContain(script);
    expect(read("docs/commands.md").text).toContain(`npx tsx ${script}`);
  },
);

test("each npm command that a document names is there", () => {
  const { scripts } = JSON.parse(source("package.json")) as {
    scripts: Record<string, string>;
  };
  const named = FILES.flatMap((file) =>
    [...read(file).text.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(
      ([, name = ""]) => name,
    ),
  );
  expect(named).toContain("emulator");
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

describe("what messages and comments say of the documents", () => {
  const hints = globSync(
    [
      "{scripts,emulator,config,envs,tools,bench}/**/*.{ts,env,yaml}",
      ".github/**/*.{yml,md}",
      "*.{json,yaml}",
    ],
    { cwd: ROOT, exclude: ["**/node_modules/**"] },
  ).flatMap((file) =>
    [...source(file).matchAll(/\b([\w./-]*\w+\.md|README), "([^"]+)"/g)].map(
      ([hint, page = "", section = ""]) => ({ file, hint, page, section }),
    ),
  );

  test("there is something", () => {
    expect(hints).not.toEqual([]);
  });

  test.each(hints)("$file: $hint", ({ page, section }) => {
    if (page === "README") expect(sectionsOfReadme()).toContain(section);
    else expect(read(page).headings).toContain(section);
  });
});

/** Its headings, and what it says has moved. */
function sectionsOfReadme(): string[] {
  const { text, headings } = read("README.md");
  const moved = text.matchAll(/<a id="[^"]+"><\/a>([^:]+):/g);
  return [...headings, ...[...moved].map(([, section = ""]) => section)];
}

function leadsSomewhere(from: string, link: string): boolean {
  if (link.startsWith("https://")) return true;
  const [file = "", anchor] = link.split("#");
  const target =
    file === "" ? from : path.join(path.dirname(from), decodeURI(file));
  if (!existsSync(path.join(ROOT, target))) return false;
  return anchor === undefined || read(target).anchors.has(anchor);
}

function read(file: string): Document {
  return readDocument(path.join(ROOT, file));
}

function source(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

function lines(file: string): string[] {
  return source(file).trimEnd().split("\n");
}
