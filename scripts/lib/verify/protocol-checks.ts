import type { OpenAI } from "openai";
import type { Protocol } from "./options.ts";
import { ASKED } from "./protocol.ts";
import type { Run } from "./run.ts";
import type { CheckName } from "./target.ts";

/** Asks every name in every protocol, by name, as clients do. */
export async function checkProtocols(
  run: Run,
  client: OpenAI,
  protocols: readonly Protocol[],
  names: readonly string[],
): Promise<void> {
  const checks = protocols.flatMap((protocol) =>
    Object.entries(ASKED[protocol]),
  );
  await Promise.all(
    names.flatMap((subject) => {
      const { deployments } =
        run.target.models.find(({ name }) => name === subject) ?? {};
      const model = deployments?.[0]?.model;
      return checks.map(([name, ask]) =>
        run.check(
          {
            name: name as CheckName,
            subject,
            ...(model !== undefined && { facts: { model } }),
          },
          (signal) => ask({ run, client, model: subject, signal }),
        ),
      );
    }),
  );
}
