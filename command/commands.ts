/** A command: what it runs, and what it does in a few words. */
interface Command {
  file: string;
  does: string;
}

/** In the order of the overview, by what they are about. */
export const GROUPS: Readonly<
  Record<string, Readonly<Record<string, Command>>>
> = {
  "On this machine": {
    start: {
      file: "emulator/bin/start.ts",
      does: "rehearse a deploy, without an account",
    },
    rehearse: {
      file: "emulator/bin/rehearse/main.ts",
      does: "rehearse the way to production",
    },
    emulator: {
      file: "emulator/bin/main.ts",
      does: "the embedded Google Cloud alone",
    },
    validate: {
      file: "scripts/validate.ts",
      does: "check a LiteLLM config offline",
    },
    upgrade: {
      file: "scripts/upgrade.ts",
      does: "merge a newer version into this clone",
    },
    version: {
      file: "scripts/version.ts",
      does: "security fixes that an env lacks",
    },
    completions: {
      file: "command/completions.ts",
      does: "of commands and envs, for a shell",
    },
  },
  "An env": {
    init: { file: "scripts/init.ts", does: "make the file of a new one" },
    plan: { file: "scripts/plan.ts", does: "what a deploy would change" },
    deploy: { file: "scripts/deploy.ts", does: "deploy, verify, then serve" },
    verify: {
      file: "scripts/verify.ts",
      does: "ask everything its users need",
    },
    status: { file: "scripts/status.ts", does: "what it has now; --all" },
    connect: {
      file: "scripts/connect.ts",
      does: "a client's settings; --proxy",
    },
    logs: { file: "scripts/logs.ts", does: "requests and lines; -f follows" },
    load: { file: "scripts/load.ts", does: "many calls at once, measured" },
    doctor: {
      file: "scripts/doctor.ts",
      does: "what is wrong, and what mends it",
    },
    rollback: {
      file: "scripts/rollback.ts",
      does: "back to what served before",
    },
    rotate: { file: "scripts/rotate.ts", does: "a new key, proven first" },
    keys: { file: "scripts/keys.ts", does: "clients' own keys" },
    clean: { file: "scripts/clean.ts", does: "remove what was made for it" },
  },
  "To production": {
    setup: { file: "scripts/setup.ts", does: "make what releases need, once" },
    release: { file: "scripts/release.ts", does: "release this commit" },
    promote: { file: "scripts/promote.ts", does: "take it to the next stage" },
  },
};

export const COMMANDS: Readonly<Record<string, Command>> = Object.assign(
  {},
  ...Object.values(GROUPS),
) as Record<string, Command>;
