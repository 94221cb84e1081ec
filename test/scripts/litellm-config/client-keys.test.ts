import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withClientKeys } from "../../../scripts/lib/litellm-config/client-keys.ts";

const MODELS = "model_list: []\n";

/** The texts of what is stored, by name. `files`: the config first. */
function store(main: string, others: Record<string, string> = {}) {
  const texts = Object.entries(others).map(([name, text]) => ({
    name,
    file: `team/${name}`,
    text,
  }));
  const config = { name: "config.yaml", file: "team/config.yaml", text: main };
  const contents = withClientKeys([config, ...texts]);
  return Object.fromEntries(contents.map(({ name, text }) => [name, text]));
}

describe("a config whose clients have keys of their own", () => {
  it("names who checks them, and is the same in all else", () => {
    const text = readFileSync("config/litellm.vertex.yaml", "utf8");
    const stored = store(text)["config.yaml"] ?? "";
    expect(
      stored.replace(
        "  custom_auth: client_keys.authenticate\n  custom_auth_run_common_checks: true\n",
        "",
      ),
    ).toBe(text);
    expect(parse(stored)).toMatchObject({
      general_settings: {
        custom_auth: "client_keys.authenticate",
        custom_auth_run_common_checks: true,
        master_key: "os.environ/LITELLM_MASTER_KEY",
      },
    });
  });

  it("may have the section in braces, and no end of its last line", () => {
    expect(store("general_settings: { master_key: x }")["config.yaml"]).toBe(
      "general_settings: { custom_auth: client_keys.authenticate, custom_auth_run_common_checks: true, master_key: x }\n",
    );
  });

  it("says so in the file of which LiteLLM takes the section", () => {
    const stored = store(
      `include: [rest.yaml]\n${MODELS}general_settings: {a: 1}\n`,
      {
        "rest.yaml": "general_settings:\n    master_key: x\n",
        "other.yaml": "general_settings: {b: 2}\n",
      },
    );
    expect(stored).toEqual({
      "config.yaml": undefined,
      "rest.yaml":
        "general_settings:\n    custom_auth: client_keys.authenticate\n    custom_auth_run_common_checks: true\n    master_key: x\n",
      "other.yaml": undefined,
      "client_keys.py": undefined,
    });
  });

  it.each([
    [
      "general_settings:\n  master_key: x\n  custom_auth: own.check\n",
      "team/config.yaml: general_settings has custom_auth, and with CLIENT_KEYS=true this project's own takes that place",
    ],
    [
      "general_settings:\n  custom_auth_settings: {mode: off}\n",
      "general_settings has custom_auth_settings",
    ],
    [MODELS, "team/config.yaml: CLIENT_KEYS=true needs general_settings"],
    ["general_settings:\n", "CLIENT_KEYS=true needs general_settings"],
  ])("is refused where that has no place: %j", (text, message) => {
    expect(() => store(text)).toThrow(message);
  });

  it("has no other file of that name", () => {
    expect(() =>
      store("general_settings: {a: 1}\n", { "client_keys.py": "" }),
    ).toThrow("client_keys.py lies beside the LiteLLM config");
  });
});
