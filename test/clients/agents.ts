const PLATFORM = `${process.platform}-${process.arch}`;

export interface Agent {
  settings: string;
  /** What starts it, with its switches against what would leave this machine. */
  command: string;
  /** Asks it to read a file with a tool of its own. */
  prompt: (file: string) => string;
  /** What it asks of others all the same, once it was told not to. */
  leaves: string[];
}

/** By the folder where its lock stands and where it is installed. */
export const AGENTS: Record<string, Agent> = {
  "claude-code": {
    settings: "claude",
    command: `CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 node_modules/@anthropic-ai/claude-code-${PLATFORM}/claude -p --allowedTools=Read --add-dir="$HOME"`,
    prompt: (file) => `use Read {"file_path": "${file}"}`,
    leaves: [],
  },
  codex: {
    settings: "codex",
    command:
      "node_modules/.bin/codex exec --profile=litellm-local --skip-git-repo-check -c analytics.enabled=false -c check_for_update_on_startup=false -c features.plugins=false -c features.apps=false",
    prompt: (file) => `use exec_command {"cmd": "cat ${file}"}`,
    leaves: [],
  },
  "gemini-cli": {
    settings: "gemini",
    command:
      'node_modules/.bin/gemini --skip-trust --include-directories="$HOME" -p',
    prompt: (file) => `use read_file {"file_path": "${file}"}`,
    leaves: [],
  },
  opencode: {
    settings: "opencode",
    command: `OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_MODELS_FETCH=1 node_modules/opencode-${PLATFORM}/bin/opencode run`,
    prompt: () => "use read",
    leaves: ["registry.npmjs.org:443"],
  },
};

// opencode's lock has one platform: npm takes none whose other platforms it cannot find.
export const HERE = Object.entries(AGENTS).filter(
  ([client]) => client !== "opencode" || PLATFORM === "linux-x64",
);
