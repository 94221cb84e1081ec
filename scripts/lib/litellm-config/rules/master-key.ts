import { section } from "../config-view.ts";
import type { Problem } from "../finding.ts";
import type { Rule } from "../rule.ts";

const WEAK = "dangerously_permit_weak_or_unset_master_key";

/** A proxy without a master key answers everybody. */
export const checkMasterKey: Rule = ({ value }, { provided }) => {
  const settings = section(value, "general_settings");
  const problems: Problem[] = [];
  // LiteLLM takes LITELLM_MASTER_KEY itself where the config names no key.
  if (
    settings.master_key === undefined &&
    !provided.has("LITELLM_MASTER_KEY")
  ) {
    problems.push({
      severity: "error",
      path: ["general_settings"],
      at: "key",
      message: "general_settings has no master_key, which guards the service",
      hint: "Add master_key: os.environ/LITELLM_MASTER_KEY to general_settings.",
    });
  }
  // One that is there and empty it does not replace, and does not start.
  if (settings.master_key === null || settings.master_key === "") {
    problems.push({
      severity: "error",
      path: ["general_settings", "master_key"],
      at: "key",
      message:
        "master_key has no value: LiteLLM does not take the one of the environment for it, and does not start",
      hint: "Write os.environ/LITELLM_MASTER_KEY, or remove the key.",
    });
  }
  if (settings[WEAK] === true) {
    problems.push({
      severity: "error",
      path: ["general_settings", WEAK],
      at: "key",
      message: `${WEAK} lets LiteLLM start without a key that guards it`,
      hint: "Remove it.",
    });
  }
  return problems;
};
