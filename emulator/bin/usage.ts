import { wrap } from "./wrap.ts";

/** An option, as parseArgs takes it, with its line in the help. */
export interface Option {
  type: "boolean" | "string";
  short?: string;
  help: string;
  /** Allowed values of a string option. */
  values?: readonly string[];
  /** What is any value: `PORT`. */
  value?: string;
}

/** A command of this workspace: its arguments, its help, and what a shell completes of it. */
export interface Usage {
  /** Each way to call it. */
  calls: readonly string[];
  summary: string;
  options: Readonly<Record<string, Option>>;
  exits: string;
}

const help = {
  type: "boolean",
  short: "h",
  help: "Print this help.",
} as const;

export const START = {
  calls: ["npm start [-- options]"],
  summary:
    "Rehearses the whole flow on this machine, without a Google account: an embedded Google Cloud, the real gcloud, the real LiteLLM. Stays up until Ctrl-C.",
  options: {
    once: {
      type: "boolean",
      help: "Deploy, verify, ask once, clean, and exit.",
    },
    mode: {
      type: "string",
      values: ["vertex", "apikey"],
      help: "How LiteLLM calls Gemini. Default: vertex.",
    },
    log: {
      type: "boolean",
      help: "Show each request to the embedded Google.",
    },
    help,
  },
  exits: "0 done, 1 failed, 2 wrong usage, 130 interrupted before it was up.",
} as const satisfies Usage;

export const REHEARSE = {
  calls: ["npm run rehearse [-- options]"],
  summary:
    "Rehearses promotion on this machine, without a Google account: four pushes to main, built by an embedded Cloud Build and promoted by an embedded Cloud Deploy from dev to two prod regions, while clients ask prod all the time. The first release runs the real LiteLLM everywhere, the later ones a stand-in.",
  options: {
    "stand-in": {
      type: "boolean",
      help: "The stand-in from the start: half the time.",
    },
    log: {
      type: "boolean",
      help: "Show what the scripts print, and each request.",
    },
    help,
  },
  exits: "0 done, 1 failed, 2 wrong usage, 130 interrupted.",
} as const satisfies Usage;

export const EMULATOR = {
  calls: [
    "npm run emulator [-- options]",
    "npm run emulator -- [options] exec -- COMMAND [ARGUMENT …]",
  ],
  summary:
    "An embedded Google Cloud on one loopback port, for the real gcloud. Without a command it prints the environment to evaluate and stays until Ctrl-C. With one it runs the command inside that environment and passes its exit code on.",
  options: {
    port: {
      type: "string",
      value: "PORT",
      help: "Where it listens. Default: any free port.",
    },
    project: {
      type: "string",
      value: "ID",
      help: "The project that is there at first. Default: demo-litellm.",
    },
    log: {
      type: "boolean",
      help: "With a command: show each request to the emulated Google.",
    },
    help,
  },
  exits:
    "0 done, 1 failed, 2 wrong usage; with a command, the command's own (128 and the signal's number if a signal ended it, 127 if it was not found).",
} as const satisfies Usage;

/** At most `width` wide, without a word broken. */
export function formatHelp(usage: Usage, width: number): string {
  const calls = usage.calls.flatMap((call, index) =>
    wrap(`${index === 0 ? "Usage: " : "   or: "}${call}`, width),
  );
  const options = Object.entries(usage.options).flatMap(([name, option]) => {
    const { short, value, values, help: text } = option;
    const given = values?.join("|") ?? value;
    return [
      `  ${short === undefined ? "    " : `-${short}, `}--${name}${given === undefined ? "" : `=${given}`}`,
      ...wrap(text, width - 10).map((line) => `          ${line}`),
    ];
  });
  return [
    ...calls,
    "",
    ...wrap(usage.summary, width),
    "",
    ...options,
    "",
    ...wrap(`Exit codes: ${usage.exits}`, width),
    "",
  ].join("\n");
}
