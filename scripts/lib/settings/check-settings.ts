import { toMebibytes } from "./memory.ts";
import { Ajv, type ErrorObject } from "ajv";
import { once } from "../cli/once.ts";
import { suggest } from "../cli/suggest.ts";
import { findImageProblem } from "./check-image.ts";
import type { Entry } from "./env-file.ts";
import type { NamedVariables } from "./named-variables.ts";
import {
  PROPERTIES,
  type Property,
  SCHEMA,
  findExpected,
  secretProperty,
} from "./schema.ts";
import { isSecretName } from "./secret-names.ts";
import { type Variables, checkVariables, sortVariables } from "./variables.ts";

/** Made for one short run: what makes later calls faster costs more than it saves. */
const compile = once(() =>
  new Ajv({
    allErrors: true,
    useDefaults: true,
    strict: false,
    validateSchema: false,
    code: { optimize: false },
  }).compile(SCHEMA),
);

/** Every name that an env file may set, whatever its config says. */
export const SETTING_NAMES: readonly string[] = Object.keys(PROPERTIES);

/** Values with defaults filled in, the variables that follow, and every problem as `where: what: how to mend`. */
export function checkSettings(
  entries: ReadonlyMap<string, Entry>,
  named: NamedVariables,
): {
  values: Record<string, string>;
  variables: Variables;
  problems: string[];
} {
  const variables = sortVariables(entries, named);
  const ofVariables = listOfVariables(variables);
  const values: Record<string, string> = Object.fromEntries(
    [...entries]
      .filter(([name]) => !ofVariables.includes(name))
      .map(([name, entry]) => [name, entry.value]),
  );
  const validate = compile();
  validate(values);
  const problems = (validate.errors ?? []).map((e) =>
    describe(e, entries, ofVariables),
  );
  return {
    values,
    variables,
    problems: [
      ...new Set([
        ...problems.filter((p) => p !== undefined),
        ...checkRanges(values, entries),
        ...checkImage(values, entries),
        ...checkTogether(values, entries),
        ...checkKeySecrets(entries, variables),
        ...checkVariables(entries, named, variables),
      ]),
    ],
  };
}

/** What an env file may set besides the settings: plain variables, and the secrets of keys. A key's own variable has its own refusal. */
export function listOfVariables({ keys, plain }: Variables): string[] {
  return [
    ...plain,
    ...keys
      .flatMap(({ variable, setting }) => [variable, setting])
      .filter((name) => !(name in PROPERTIES)),
  ];
}

function describe(
  error: ErrorObject,
  entries: ReadonlyMap<string, Entry>,
  ofVariables: readonly string[],
): string | undefined {
  if (error.keyword === "required") {
    const name = String(error.params.missingProperty);
    return `${name} is not set: put it in the env file, or in the shell`;
  }
  if (error.keyword === "additionalProperties") {
    const name = String(error.params.additionalProperty);
    const near = suggest(name, [...SETTING_NAMES, ...ofVariables]);
    const from = entries.get(name)?.from ?? "";
    if (isSecretName(name) && near === undefined) {
      return `${from}: ${name}: env files hold no secrets: give it in the shell, it is kept in Secret Manager where the LiteLLM config names os.environ/${name}`;
    }
    return `${from}: ${name}: ${near === undefined ? `there is no such setting; for a variable of the service, name os.environ/${name} in the LiteLLM config, or PLAIN_VARIABLES=${name}` : `did you mean ${near}?`}`;
  }
  const name = error.instancePath.slice(1);
  const property = PROPERTIES[name];
  return property && describeValue(name, property, entries);
}

function describeValue(
  name: string,
  property: Property,
  entries: ReadonlyMap<string, Entry>,
): string {
  return `${entries.get(name)?.from ?? "default"}: ${name}="${entries.get(name)?.value ?? ""}": expected ${findExpected(property) ?? "another value"}`;
}

/** Those of keys that the schema does not have. */
function checkKeySecrets(
  entries: ReadonlyMap<string, Entry>,
  { keys }: Variables,
): string[] {
  return keys
    .filter(({ setting }) => !(setting in PROPERTIES) && entries.has(setting))
    .filter(({ secret }) => !/^[A-Za-z0-9_-]{1,255}$/.test(secret))
    .map((key) => describeValue(key.setting, secretProperty(key), entries));
}

function checkRanges(
  values: Record<string, string>,
  entries: ReadonlyMap<string, Entry>,
): string[] {
  return Object.entries(PROPERTIES).flatMap(([name, property]) => {
    const minimum = property["x-minimum"] ?? -Infinity;
    const maximum = property["x-maximum"] ?? Infinity;
    const value = Number(values[name]);
    if (Number.isNaN(value) || (value >= minimum && value <= maximum)) {
      return [];
    }
    return [
      `${entries.get(name)?.from ?? "default"}: ${name}=${String(value)}: expected ${String(minimum)} to ${String(maximum)}`,
    ];
  });
}

function checkImage(
  values: Record<string, string>,
  entries: ReadonlyMap<string, Entry>,
): string[] {
  const image = values.IMAGE ?? "";
  const { pattern = "", default: known = "" } = PROPERTIES.IMAGE ?? {};
  // Told by the schema already.
  if (!new RegExp(pattern).test(image)) return [];
  const problem = findImageProblem(image, known);
  if (problem === undefined) return [];
  return [
    `${entries.get("IMAGE")?.from ?? "default"}: IMAGE=${image}: ${problem}`,
  ];
}

/** What does not fit together, and what Cloud Run refuses in combination (Cloud Run docs, "Configure memory limits", "CPU limits"). */
function checkTogether(
  values: Record<string, string>,
  entries: ReadonlyMap<string, Entry>,
): string[] {
  const at = (name: string): string => entries.get(name)?.from ?? "default";
  const problems: string[] = [];
  const cpu = Number(values.CPU);
  const mebibytes = toMebibytes(values.MEMORY ?? "");
  const least = cpu >= 8 ? 4096 : cpu >= 6 ? 4096 : cpu >= 4 ? 2048 : 512;
  const most = { 1: 4096, 2: 8192, 4: 16384, 6: 24576, 8: 32768 }[cpu];
  if (mebibytes < least) {
    problems.push(
      `${at("MEMORY")}: MEMORY=${values.MEMORY ?? ""}: expected at least ${String(least)}Mi with CPU=${String(cpu)}`,
    );
  }
  if (most !== undefined && mebibytes > most) {
    problems.push(
      `${at("MEMORY")}: MEMORY=${values.MEMORY ?? ""}: expected at most ${String(most)}Mi with CPU=${String(cpu)}`,
    );
  }
  if (
    values.WARM === "true" &&
    values.IMAGE?.includes("-docker.pkg.dev/") === true
  ) {
    problems.push(
      `${at("WARM")}: WARM=true: expected an IMAGE outside of Artifact Registry (one in it runs as it is)`,
    );
  }
  if (
    values.VPC_EGRESS !== undefined &&
    (values.NETWORK ?? "") === "" &&
    (values.SUBNET ?? "") === ""
  ) {
    problems.push(
      `${at("VPC_EGRESS")}: VPC_EGRESS=${values.VPC_EGRESS}: expected a NETWORK or a SUBNET with it`,
    );
  }
  if (Number(values.MIN_INSTANCES) > Number(values.MAX_INSTANCES)) {
    problems.push(
      `${at("MIN_INSTANCES")}: MIN_INSTANCES=${values.MIN_INSTANCES ?? ""}: expected at most MAX_INSTANCES=${values.MAX_INSTANCES ?? ""}`,
    );
  }
  return problems;
}
