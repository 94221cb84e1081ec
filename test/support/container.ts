import { existsSync, readFileSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { setTimeout as delay } from "node:timers/promises";

// A container for tests that behaves as it is told: by START when it starts, by
// the request's path afterwards. Its log lines say what happened to it.

const { START = "", PORT } = process.env;
const memory: Buffer[] = [];
const held = new Map<string, () => void>();
let healthy = true;

const server = createServer((request, response) => {
  void answer(request, response);
});

console.log(`starting with ${START || "nothing"} special`);
console.error("a line of stderr");

if (START === "deaf") {
  await delay(60_000);
} else if (START === "exit") {
  process.exitCode = 7;
} else if (START === "eat") {
  memory.push(Buffer.alloc(300 << 20, 1));
  await delay(60_000);
} else {
  server.listen(Number(PORT), "127.0.0.1");
}

process.on("SIGTERM", () => {
  console.log("SIGTERM");
  if (START === "stubborn") return;
  server.close();
  server.closeIdleConnections();
});

async function answer(request: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(
    request.url ?? "/",
    "http://container",
  );
  response.once("close", () => {
    if (!response.writableEnded) console.log(`torn off ${request.url ?? ""}`);
  });
  switch (pathname) {
    case "/environment":
      response.end(JSON.stringify(process.env));
      break;
    case "/arguments":
      response.end(JSON.stringify(process.argv.slice(2)));
      break;
    case "/headers":
      response.end(JSON.stringify(request.headers));
      break;
    case "/file":
      response.end(readFileSync(searchParams.get("path") ?? "", "utf8"));
      break;
    case "/exists":
      response.end(String(existsSync(searchParams.get("path") ?? "")));
      break;
    case "/health":
      if (healthy) response.end("healthy");
      break;
    case "/sicken":
      healthy = false;
      response.end();
      break;
    // Begins an answer that ends when /release/NAME is asked for.
    case "/hold":
      console.log(`asked for ${request.url ?? ""}`);
      response.write("begun\n");
      await new Promise<void>((resolve) => {
        held.set(searchParams.get("name") ?? "", resolve);
      });
      response.end("ended\n");
      break;
    case "/release":
      held.get(searchParams.get("name") ?? "")?.();
      response.end();
      break;
    case "/eat":
      memory.push(Buffer.alloc(Number(searchParams.get("mebibytes")) << 20, 1));
      response.end(String(memory.length));
      break;
    case "/exit":
      process.exitCode = Number(searchParams.get("code"));
      setImmediate(() => process.kill(process.pid, "SIGKILL"));
      break;
    case "/tear":
      response.write("begun\n");
      setTimeout(() => response.destroy(), 20);
      break;
    // Says nothing, ever.
    case "/never":
      console.log(`asked for ${request.url ?? ""}`);
      break;
    default:
      response.end(process.env.K_REVISION);
  }
}
