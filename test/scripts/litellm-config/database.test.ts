import { describe, expect, test } from "vitest";
import { list, listHints, write } from "../../support/litellm-config.ts";

describe("a database", () => {
  test.each([
    ["database_url", { general: "  database_url: postgres" }, "9:3", []],
    ["store_model_in_db", { general: "  store_model_in_db: true" }, "9:3", []],
    [
      "DATABASE_HOST",
      { more: "environment_variables: {DATABASE_HOST: x}" },
      "9:25",
      [],
    ],
    // What the env gives, where the config refers to it.
    [
      "DIRECT_URL",
      { litellm: "  api_base: os.environ/DIRECT_URL" },
      "7:3",
      ["DIRECT_URL"],
    ],
    ["STORE_MODEL_IN_DB", {}, "7:1", ["STORE_MODEL_IN_DB"]],
  ])("is refused as %s, with its place", (name, parts, place, provided) => {
    const text = write(parts);
    expect(list(text, { provided })).toEqual([
      `${place} error: ${name} gives LiteLLM a database, which this project does not deploy`,
    ]);
    expect(listHints(text, { provided })[0]).toContain(
      "a candidate without traffic would change what serves",
    );
  });

  test("is not what is off", () => {
    expect(list(write({ general: "  store_model_in_db: false" }))).toEqual([]);
  });
});
