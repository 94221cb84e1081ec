import {
  type Document,
  type YAMLSeq,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
} from "yaml";
import { KEYS, type Key, MASTER_KEY } from "../settings/keys.ts";
import type { Settings } from "../settings/settings.ts";
import { keyParameters } from "./parameters.ts";

/** What an env gives to its service besides what the manifest says. */
export type OwnVariables = Pick<Settings, "keys" | "variables">;

/**
 * Gives the container a variable for each key of an env, and for what is no
 * secret, behind the master key's own; takes out other keys of the table.
 */
export function putVariables(
  document: Document,
  { keys, variables }: OwnVariables,
): void {
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== "env" || !isSeq(value)) return;
      const index = findVariable(value, MASTER_KEY.variable);
      if (index < 0) return;
      const missing = keys.filter((k) => findVariable(value, k.variable) < 0);
      const plain = Object.entries(variables).map(([name, text]) =>
        document.createNode({ name, value: text }),
      );
      value.items.splice(index + 1, 0, ...missing.map(createEntry), ...plain);
      const names = keys.map((key) => key.name);
      const others = KEYS.filter(({ name }) => !names.includes(name));
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

function createEntry({ name, variable }: Key): unknown {
  const { secret, version } = keyParameters(name);
  const { contents } = parseDocument(`- name: ${variable}
  valueFrom:
    secretKeyRef:
      name: "unset" # from-param: \${${secret}}
      key: "unset" # from-param: \${${version}}
`);
  return isSeq(contents) ? contents.items[0] : undefined;
}
