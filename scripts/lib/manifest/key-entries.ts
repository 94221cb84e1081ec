import {
  type Document,
  type YAMLSeq,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
} from "yaml";
import {
  type Key,
  type KeyName,
  MASTER_KEY,
  allKeys,
} from "../settings/keys.ts";
import { keyParameters } from "./parameters.ts";

/**
 * Gives the container a variable for each of `keys`, behind the master key's
 * own; takes out those of other keys of this project.
 */
export function putKeys(
  document: Document,
  keys: readonly (Key & { name: KeyName })[],
): void {
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== "env" || !isSeq(value)) return;
      const index = findVariable(value, MASTER_KEY.variable);
      if (index < 0) return;
      const missing = keys.filter((k) => findVariable(value, k.variable) < 0);
      value.items.splice(index + 1, 0, ...missing.map(createEntry));
      const others = allKeys().filter((k) => !keys.includes(k));
      value.items = value.items.filter(
        (item) => !others.some((k) => nameOf(item) === k.variable),
      );
    },
  });
}

function findVariable(list: YAMLSeq, name: string): number {
  return list.items.findIndex((item) => nameOf(item) === name);
}

function nameOf(item: unknown): unknown {
  return isMap(item) ? item.get("name") : undefined;
}

function createEntry({ name, variable }: Key & { name: KeyName }): unknown {
  const { secret, version } = keyParameters(name);
  const { contents } = parseDocument(`- name: ${variable}
  valueFrom:
    secretKeyRef:
      name: "unset" # from-param: \${${secret}}
      key: "unset" # from-param: \${${version}}
`);
  return isSeq(contents) ? contents.items[0] : undefined;
}
