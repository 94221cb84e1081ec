import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";

const ROOT = path.resolve(import.meta.dirname, "../..");
const text = readFileSync(path.join(ROOT, "skaffold.yaml"), "utf8");

const string = { type: "string" };
const strings = { type: "array", items: string };

const CONTAINER = {
  type: "object",
  properties: {
    name: string,
    image: string,
    command: strings,
    args: strings,
    env: {
      type: "array",
      items: {
        type: "object",
        properties: { name: string, value: string },
        additionalProperties: false,
      },
    },
  },
  required: ["name", "image"],
  additionalProperties: false,
};

/** An object that has these members and no others. */
function closed(properties: object, required: string[] = []): object {
  return { type: "object", properties, required, additionalProperties: false };
}

/** The rules of Skaffold's published schema (skaffold.dev, "skaffold.yaml", v4beta13) for the sections that are used here. */
const SCHEMA = closed(
  {
    apiVersion: { const: "skaffold/v4beta13" },
    kind: { const: "Config" },
    metadata: closed({
      name: { type: "string", pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" },
    }),
    manifests: closed({ rawYaml: strings }),
    deploy: closed({
      cloudrun: {
        type: ["object", "null"],
        properties: { projectid: string, region: string },
        additionalProperties: false,
      },
    }),
    verify: {
      type: "array",
      items: closed(
        {
          name: string,
          timeout: { type: "integer" },
          container: CONTAINER,
        },
        ["name", "container"],
      ),
    },
    customActions: {
      type: "array",
      items: closed(
        { name: string, containers: { type: "array", items: CONTAINER } },
        ["name", "containers"],
      ),
    },
  },
  ["apiVersion", "kind"],
);

describe("skaffold.yaml", () => {
  it("is as Skaffold's schema wants it", () => {
    const validate = new Ajv({
      allErrors: true,
      allowUnionTypes: true,
    }).compile(SCHEMA);
    validate(parse(text));
    expect(validate.errors).toBeNull();
    validate(parse(text.replace("rawYaml:", "rawYml:")));
    expect(validate.errors).toHaveLength(1);
    expect(parseDocument(text, { uniqueKeys: true }).errors).toEqual([]);
  });

  const there = spawnSync("skaffold", ["version"]).status === 0;
  it.runIf(there)("is rendered by the real skaffold", async () => {
    const { stdout } = await promisify(execFile)(
      "skaffold",
      [
        ...["render", "--offline=true", "--digest-source=none"],
        ...["--set", "service=litellm-proxy"],
      ],
      { cwd: ROOT },
    );
    expect(stdout).toContain("name: litellm-proxy");
  });
});
