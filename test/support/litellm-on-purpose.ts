interface Purpose {
  why: string;
  /** The sentences of such a refusal. */
  says: RegExp;
}

/** What the check refuses although LiteLLM starts with it. */
const ON_PURPOSE: readonly Purpose[] = [
  {
    why: "a setting that is probably misspelt has no effect",
    says: /does not know \S+ in .+, and ignores it$|is no parameter of (a cache in Redis|LiteLLM, which passes it on to the model)$|^credential_list has no /,
  },
  {
    why: "a value of another kind is misread, or fails with the first call",
    says: /: expected .+, found |is not one of its values$|: \S+ is not known here$/,
  },
  {
    why: "what names no model, or lacks a part, answers nobody",
    says: /: \S+ is missing$/,
  },
  {
    why: "a secret in the file is in the history of the repository",
    says: /is written into the file: a secret does not belong here$/,
  },
  {
    why: "LiteLLM gets nothing, or the words themselves, for a value",
    says: /so LiteLLM (gets nothing here|leaves it as it is)$|is not in the service's environment( \(.+\))?$|^LiteLLM does not (resolve|expand) /,
  },
  {
    why: "Google has no such model, or not there, or not for this env's account",
    says: /is no chat or embedding model that LiteLLM|^\S+( \(and \d+ more\))? has no vertex_location: |does not fit MODE=apikey/,
  },
  {
    why: "calls of that name, or those that should help them, fail",
    says: /is no model_name( and no alias)?( \(.+\))?$|names another alias|hides the model_name|falls back to .+, which is for /,
  },
  {
    why: "the same deployment twice is a slip",
    says: /^the same deployment of .+ once more$/,
  },
  {
    why: "this project deploys no database, and one file",
    says: /gives LiteLLM a database|include names further files/,
  },
];

/** What such a refusal may not say. */
const CLAIMS = /LiteLLM (does not start|starts without)|answer without/;

/** Why what LiteLLM starts with is refused with this sentence; undefined: for no reason. */
export function findPurpose(sentence: string): Purpose | undefined {
  if (CLAIMS.test(sentence)) return undefined;
  return ON_PURPOSE.find(({ says }) => says.test(sentence));
}
