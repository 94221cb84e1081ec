import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { printResult, say } from "../lib/cli/terminal.ts";
import { findClient, isClient } from "../lib/connect/clients.ts";
import { forwardUntilInterrupted } from "../lib/connect/forward.ts";
import { describeKey, readGateway } from "../lib/connect/gateway.ts";
import { readPort } from "../lib/connect/usage.ts";
import { logIn } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { checkProtocol } from "../lib/verify/verify-revision.ts";

export async function connect(args: Arguments): Promise<boolean> {
  const [first = "dev", second] = args.positionals;
  const [env, name] =
    second === undefined && isClient(first) ? ["dev", first] : [first, second];
  const port = readPort(args);
  if (args.flag("proxy")) {
    const session = await openSession(logIn(env), { yes: args.flag("yes") });
    return forwardUntilInterrupted(session, port);
  }
  const client = findClient(name);
  const session = await openSession(logIn(env), { yes: args.flag("yes") });
  const { gateway, throughProxy } = await readGateway(
    session,
    { model: args.value("model"), smallModel: args.value("small-model") },
    `http://127.0.0.1:${port}`,
  );
  printResult(client.connect(gateway).join("\n"));
  say(describeKey(session.settings));
  if (throughProxy) {
    const proxy = scriptCommand("connect", env, "--proxy", `--port=${port}`);
    say(`Cloud Run asks for an identity. Leave this running: ${proxy}`);
  }
  if (!args.flag("check")) return true;
  const names = [...new Set([gateway.model, gateway.smallModel])];
  const report = await checkProtocol(session, client.protocol, names);
  return report.ok;
}
