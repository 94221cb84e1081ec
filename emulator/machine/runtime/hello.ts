import { createServer } from "node:http";

// Runs in place of us-docker.pkg.dev/cloudrun/container/hello.

const service = process.env.K_SERVICE ?? "a service";
const revision = process.env.K_REVISION ?? "a revision";

const server = createServer((request, response) => {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(
    `<!doctype html><title>Congratulations | Cloud Run</title><h1>It's running!</h1><p>Service ${service}, revision ${revision}.</p>\n`,
  );
  console.log(`${request.method ?? ""} ${request.url ?? ""}`);
});

server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1");

process.once("SIGTERM", () => {
  server.close();
  server.closeIdleConnections();
});
