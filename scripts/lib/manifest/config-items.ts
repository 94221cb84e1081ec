import { type Document, isMap, isScalar, visit } from "yaml";

/** The aliases of what lies beside the config, by name. */
export type ConfigFiles = Readonly<Record<string, string>>;

/** An item of a volume: a version of its secret as a file. */
interface Item {
  key: string;
  path: string;
}

/** As a parameter; empty where the config comes alone. */
export function formatConfigFiles(files: ConfigFiles): string {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? "" : JSON.stringify(Object.fromEntries(sorted));
}

export function parseConfigFiles(text = "{}"): ConfigFiles {
  return JSON.parse(text) as ConfigFiles;
}

/** For people: those that another set has otherwise; how many there are where both are alike. */
export function describeConfigFiles(
  files: ConfigFiles,
  others: ConfigFiles,
): string {
  const different = listDifferent(files, others);
  if (different.length === 0) return countFiles(files);
  return different
    .map((name) => `${name} ${files[name] ?? "(not there)"}`)
    .join(", ");
}

/** Names of what two sets do not have alike. */
export function listDifferent(
  files: ConfigFiles,
  others: ConfigFiles,
): string[] {
  const names = Object.keys({ ...files, ...others }).sort();
  return names.filter((name) => files[name] !== others[name]);
}

/** `2 more files`. */
function countFiles(files: ConfigFiles): string {
  const count = Object.keys(files).length;
  return `${String(count)} more file${count === 1 ? "" : "s"}`;
}

/** Whether an item was put there as one of these files, and not written into the manifest by hand. */
export function isConfigFile({ key }: Item): boolean {
  return /^sha-[0-9a-f]{12}$/.test(key);
}

/** Puts each file behind the config, into the same volume. False where no volume has the config. */
export function putConfigFiles(
  document: Document,
  files: ConfigFiles,
): boolean {
  const items = Object.entries(files).map(([path, key]) =>
    document.createNode({ key, path }),
  );
  let isPut = items.length === 0;
  visit(document, {
    Seq(_, list) {
      if (!list.items.some(isConfig)) return;
      list.items.push(...items);
      isPut = true;
    },
  });
  return isPut;
}

/** The item that a parameter fills in with the version of the config. */
function isConfig(item: unknown): boolean {
  if (!isMap(item)) return false;
  const key = item.get("key", true);
  return isScalar(key) && (key.comment ?? "").includes("${configVersion}");
}
