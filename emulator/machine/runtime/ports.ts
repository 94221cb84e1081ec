import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that systems hand out by themselves: one of those could be taken before a slow container listens. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

const ATTEMPTS = 50;

/** A loopback port that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false;
  }
}
