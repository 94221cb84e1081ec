import type { Tags } from "yaml";

const TRUE = /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/;
const FALSE = /^(?:[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/;
const EXPONENT = /^[-+]?(?:\d[\d_]*)?\.[\d_]*[eE][-+]\d+$/;

/**
 * YAML 1.1 as LiteLLM's PyYAML reads it: `y` and `n` are texts there, and so are
 * `1e6` and `e1`, because an exponent needs a point and a sign.
 */
export function likePyYaml(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === "string" || tag.collection !== undefined) return tag;
    if (tag.tag === "tag:yaml.org,2002:bool") {
      return { ...tag, test: tag.identify?.(true) === true ? TRUE : FALSE };
    }
    const isExponent =
      tag.tag === "tag:yaml.org,2002:float" && tag.format === "EXP";
    return isExponent ? { ...tag, test: EXPONENT } : tag;
  });
}
