import { UserError } from "../../cli/errors.ts";
import { findChannel } from "../../google/commands/monitoring.ts";
import {
  type Command,
  bashExpression,
  formatCommand,
} from "../../google/gcloud.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import type { ChannelState } from "./alerts-state.ts";
import { labelsOf } from "./labels.ts";

/** A step that names the channel: one that is yet to be made has a name that Google gives it then. */
export function channelStep(
  settings: Settings,
  channel: ChannelState | undefined,
  title: string,
  build: (channel: string) => Command,
): Step {
  if (channel !== undefined) return gcloudStep(title, build(channel.name));
  const find = findChannel(settings, labelsOf(settings));
  const command = formatCommand(build(bashExpression("$channel")));
  return {
    title,
    preview: `channel="$(${formatCommand(find)})"\n${command}`,
    shown: command.split("\n")[0] ?? command,
    run: async ({ gcloud }) => {
      const [name = ""] = (await gcloud(find)).split("\n");
      if (name === "") throw noChannel(settings);
      await gcloud(build(name));
    },
  };
}

function noChannel({ projectId }: Settings): UserError {
  return new UserError(
    `the notification channel that was just made in ${projectId} is not there`,
    { hint: "Run it again: it goes on from what is there." },
  );
}
