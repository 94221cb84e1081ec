import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { loadConfig } from "./config.ts";
import { createGateway } from "./gateway.ts";

// A stand-in for LiteLLM where LiteLLM is not the point: it starts at once,
// reads the same config, and answers health, models, chat and embeddings as the
// real one does. What it does not know it refuses.

const { values } = parseArgs({
  options: {
    config: { type: "string" },
    host: { type: "string", default: "0.0.0.0" },
    port: { type: "string", default: process.env.PORT ?? "4000" },
  },
});

const config = loadConfig(values.config);
const server = createServer(createGateway(config));
server.listen(Number(values.port), values.host);

process.once("SIGTERM", () => {
  server.close();
  server.closeIdleConnections();
});
