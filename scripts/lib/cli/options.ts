import type { Option } from "./run-script.ts";

/** Options that mean the same in every script. */
export const dryRunOption: Option = {
  type: "boolean",
  help: "Print the exact commands on standard output; change nothing.",
};

export const jsonOption: Option = {
  type: "boolean",
  help: "Print the result as JSON on standard output.",
};

/** Of a script that changes something. */
export const quietOption: Option = {
  type: "boolean",
  short: "q",
  help: "Say nothing, unless it fails or asks: then everything.",
};

/** Of a script that asks before it changes something. */
export const yesOption: Option = {
  type: "boolean",
  short: "y",
  help: "Do not ask.",
};

/** Of a script that takes something away for good. */
export const confirmOption: Option = {
  type: "string",
  help: "The env's name, where it is protected (PROTECTED): --yes is not enough then.",
};

/** Of a script that asks only where an env names no project. */
export const acceptOption: Option = {
  type: "boolean",
  short: "y",
  help: "Accept project and region from gcloud's configuration.",
};

/** Of a script that makes what an env needs. */
export const adoptOption: Option = {
  type: "boolean",
  help: "Take over what carries the right names but was not made by this\n          project, e.g. by the bash flow.",
};
