import type { Option } from "../scripts/lib/cli/run-script.ts";

/** What may be typed after `./litellm-cloudrun NAME`. */
export interface Completed {
  name: string;
  does: string;
  /** It takes the name of an env. */
  env: boolean;
  /** Its other words: `add`, `list`. */
  words: readonly string[];
  options: Readonly<Record<string, Option>>;
}

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that the shell reads once. It asks nothing of Node later: a key press takes no second. */
export function formatCompletions(
  shell: Shell,
  commands: readonly Completed[],
): string {
  switch (shell) {
    case "bash":
      return formatBash(commands);
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${formatBash(commands)}`;
    case "fish":
      return formatFish(commands);
  }
}

/** The envs of the clone that the typed command belongs to, as they are now; a link is followed. */
const READ_ENVS = String.raw`ls -- "$(dirname -- "$self")/envs" 2>/dev/null | sed -n -e '/\.local\.env$/d' -e 's/\.env$//p'`;

function formatBash(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, env, words, options }) => {
    const list = [...words, ...Object.entries(options).flatMap(listOption)];
    const envs = env ? ' envs=$(_litellm_cloudrun_envs "$1")' : "";
    return `    ${name}) list=${quote(list.join(" "))}${envs} ;;`;
  });
  const names = commands.map(({ name }) => name).join(" ");
  return String.raw`_litellm_cloudrun_envs() {
  local self=${"${1//\\\\/}"}
  case $self in "~/"*) self=$HOME/${'${self#"~/"}'} ;; esac
  self=$(readlink -f -- "$(command -v -- "$self")") || return 0
  ${READ_ENVS}
}

_litellm_cloudrun() {
  local word=${"${COMP_WORDS[COMP_CWORD]}"} option= list= envs=
  # bash makes three words of --ci=github.
  if [ "$word" = "=" ]; then
    option=${"${COMP_WORDS[COMP_CWORD-1]}"}= word=
  elif [ "${"${COMP_WORDS[COMP_CWORD-1]}"}" = "=" ]; then
    option=${"${COMP_WORDS[COMP_CWORD-2]}"}=
  fi
  local names=${quote(names)}
  if [ "$COMP_CWORD" = 1 ]; then list="$names help --help --version"
  else case ${"${COMP_WORDS[1]}"} in
    help) list=$names ;;
${cases.join("\n")}
  esac; fi
  COMPREPLY=($(compgen -W "$list $envs" -- "$option$word"))
  COMPREPLY=("${'${COMPREPLY[@]#"$option"}'}")
  case ${"${COMPREPLY[0]-}"} in *=) compopt -o nospace 2>/dev/null ;; esac
  return 0
}

complete -o default -F _litellm_cloudrun litellm-cloudrun
`;
}

function formatFish(commands: readonly Completed[]): string {
  const complete = "complete -c litellm-cloudrun";
  const lines = commands.flatMap(({ name, does, env, words, options }) => {
    const after = `${complete} -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `${complete} -f -n __fish_use_subcommand -a ${name} -d ${quote(does)}`,
      ...(env ? [`${after} -f -a '(__litellm_cloudrun_envs)'`] : []),
      ...(words.length > 0 ? [`${after} -f -a ${quote(words.join(" "))}`] : []),
      ...Object.entries(options).map(([long, option]) => {
        const { type, short, values = [], help } = option;
        const [summary = ""] = help.split("\n");
        return [
          after,
          `-l ${long}`,
          ...(short === undefined ? [] : [`-s ${short}`]),
          ...(type === "string" ? ["-x"] : []),
          ...(values.length > 0 ? [`-a ${quote(values.join(" "))}`] : []),
          `-d ${quote(summary)}`,
        ].join(" ");
      }),
    ];
  });
  return `function __litellm_cloudrun_envs
    set -l typed (commandline -opc)
    set -l self (readlink -f -- (command -v -- $typed[1]))
    ${READ_ENVS}
end

${lines.join("\n")}
`;
}

/** `--ci=github` a value, `--branch=` where any is right. */
function listOption([name, { type, values }]: [string, Option]): string[] {
  if (type === "boolean") return [`--${name}`];
  return (values ?? [""]).map((value) => `--${name}=${value}`);
}

/** In bash, zsh and fish alike; the texts have no backslash. */
function quote(text: string): string {
  return `"${text.replace(/["$`]/g, String.raw`\$&`)}"`;
}
