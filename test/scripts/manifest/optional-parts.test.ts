import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import {
  dropParts,
  listOptional,
} from "../../../scripts/lib/manifest/optional-parts.ts";
import { stageManifest } from "../../../scripts/lib/manifest/stage-manifest.ts";
import { toParameters } from "../../../scripts/lib/manifest/parameters.ts";
import { manifest, settingsWith } from "../../support/states.ts";

/** What is left of the text where these parameters have a value. */
function drop(
  text: string,
  ...given: string[]
): { text: string; value: unknown } {
  const document = parseDocument(text);
  dropParts(document, text, (name) => given.includes(name));
  const value: unknown = document.toJS();
  return { text: document.toString({ lineWidth: 0 }), value };
}

/** The value without a part, and with it. */
function bothWays(text: string, ...given: string[]): [unknown, unknown] {
  return [drop(text).value, drop(text, ...given).value];
}

describe("a part that is marked", () => {
  test("is a key with its value", () => {
    const text = `
a: 1
# only-with: \${x}
b: 2
c: 3
`;
    expect(bothWays(text, "x")).toEqual([
      { a: 1, c: 3 },
      { a: 1, b: 2, c: 3 },
    ]);
  });

  test("is a key with all that stands below it", () => {
    const text = `
a:
  # only-with: \${x}
  b:
    c: [1, 2]
    d:
      - e: 1
  f: 1
`;
    expect(bothWays(text, "x")).toEqual([
      { a: { f: 1 } },
      { a: { b: { c: [1, 2], d: [{ e: 1 }] }, f: 1 } },
    ]);
  });

  test("is a key in quotes, or with dots and slashes", () => {
    const text = `
# only-with: \${x}
"a b": 1
# only-with: \${x}
run.googleapis.com/network: "n"
c: 1
`;
    expect(drop(text).value).toEqual({ c: 1 });
  });

  test("is a list item: a map, a plain value, a list", () => {
    const text = `
list:
  - name: a
    value: 1
  # only-with: \${x}
  - name: b
    value: 2
  # only-with: \${x}
  - plain
  # only-with: \${x}
  - - inner
  - name: c
`;
    expect(bothWays(text, "x")).toEqual([
      { list: [{ name: "a", value: 1 }, { name: "c" }] },
      {
        list: [
          { name: "a", value: 1 },
          { name: "b", value: 2 },
          "plain",
          ["inner"],
          { name: "c" },
        ],
      },
    ]);
  });

  test("is the first of a map, or of a list, and the only one", () => {
    const text = `
map:
  # only-with: \${x}
  a: 1
  b: 2
list:
  # only-with: \${x}
  - a
  - b
lone:
  # only-with: \${x}
  a: 1
alone:
  # only-with: \${x}
  - a
`;
    expect(drop(text).value).toEqual({
      map: { b: 2 },
      list: ["b"],
      lone: {},
      alone: [],
    });
  });

  test("is the last of the text", () => {
    expect(drop("a: 1\n# only-with: ${x}\nb: 2").value).toEqual({ a: 1 });
  });

  test("is a key of a list item, and not the item", () => {
    const text = `
list:
  - name: a
    # only-with: \${x}
    value: 1
    kind: k
`;
    expect(drop(text).value).toEqual({ list: [{ name: "a", kind: "k" }] });
    const below = "list:\n  -\n    # only-with: ${x}\n    a: 1\n    b: 2\n";
    expect(drop(below).value).toEqual({ list: [{ b: 2 }] });
  });

  test("may hold another one, and goes with it", () => {
    const text = `
a:
  # only-with: \${outer}
  b:
    # only-with: \${inner}
    c: 1
    d: 2
`;
    expect(drop(text, "outer", "inner").value).toEqual({
      a: { b: { c: 1, d: 2 } },
    });
    expect(drop(text, "outer").value).toEqual({ a: { b: { d: 2 } } });
    expect(drop(text, "inner").value).toEqual({ a: {} });
    expect(drop(text).value).toEqual({ a: {} });
  });

  test("shares its parameter with others, and not with the rest", () => {
    const text = `
# only-with: \${x}
a: 1
list:
  # only-with: \${x}
  - b
  # only-with: \${y}
  - c
`;
    expect(drop(text, "x").value).toEqual({ a: 1, list: ["b"] });
    expect(drop(text, "y").value).toEqual({ list: ["c"] });
    expect(listOptional(text)).toEqual(["x", "x", "y"]);
  });

  test("may stand behind blank lines and further comments", () => {
    const text = `
a:
  # only-with: \${x}

  # Why it is there.
    # Further in.

  b: 1
  c: 2
`;
    expect(bothWays(text, "x")).toEqual([
      { a: { c: 2 } },
      { a: { b: 1, c: 2 } },
    ]);
  });

  test("needs every parameter that is named before it", () => {
    const text = `
# only-with: \${x}
# only-with: \${y}
a: 1
b: 2
`;
    expect(drop(text, "x").value).toEqual({ b: 2 });
    expect(drop(text, "y").value).toEqual({ b: 2 });
    expect(drop(text, "x", "y").value).toEqual({ a: 1, b: 2 });
  });

  test("keeps its comments where it stays", () => {
    const text = `a: 1
# Direct VPC egress.
# only-with: \${x}
b: "unset" # from-param: \${x}
`;
    expect(drop(text, "x").text).toBe(text);
    expect(drop(text).text).not.toContain("from-param");
  });
});

test.each([
  "# only-with: x\n",
  "# only-with: ${x} and more\n",
  "#only-with: ${x}\n",
  "z: 1 # only-with: ${x}\n",
])("%j marks nothing", (comment) => {
  expect(drop(`${comment}a: 1\n`).value).toMatchObject({ a: 1 });
  expect(listOptional(comment)).toEqual([]);
});

describe("the manifest of this project", () => {
  test("can do without a network, the egress setting, and client keys", () => {
    expect(listOptional(manifest)).toEqual([
      "networkInterfaces",
      "vpcEgress",
      "clientKeysSecret",
      "clientKeysSecret",
    ]);
  });

  test("is staged with what a part that is in use needs", () => {
    const stage = (values: Record<string, string>): string => {
      const pins = {
        configVersion: "sha-0123456789ab",
        keys: { masterKey: "1" },
      };
      const parameters = toParameters(settingsWith(values), pins);
      return stageManifest(manifest, { own: settingsWith(), parameters });
    };
    const staged = stage({ NETWORK: "vpc" });
    expect(staged).toContain(
      String.raw`run.googleapis.com/network-interfaces: "[{\"network\":\"vpc\"}]"`,
    );
    expect(staged).not.toContain("run.googleapis.com/vpc-access-egress: ");
    expect(stage({})).not.toContain("run.googleapis.com/network-interfaces: ");
  });
});
