import { startTestRuntime } from "./runtime.ts";

// Starts a container with a mounted secret, says where both are, and waits to be killed.

const test = await startTestRuntime();
const instance = await test.runtime.startInstance(
  test.spec({
    env: { START: "stubborn", CONFIG: "/secrets/key" },
    files: [{ path: "/secrets/key", read: () => Buffer.from("secret") }],
  }),
);
const answer = await fetch(`${instance.url}/environment`);
const { CONFIG } = (await answer.json()) as Record<string, string>;
console.log(JSON.stringify({ url: instance.url, secret: CONFIG }));
