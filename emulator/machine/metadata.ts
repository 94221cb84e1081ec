import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Cloud, Member } from "../core/cloud.ts";
import { guardBoundary } from "../core/guard.ts";
import { newIdentityToken } from "../core/identity.ts";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** Seconds; Google's tokens live an hour. */
const LIFETIME = 3599;

export interface MetadataServer {
  /** `127.0.0.1:PORT`, as GCE_METADATA_HOST wants it. */
  host: string;
  close(): Promise<void>;
}

export interface MetadataIdentity {
  projectId: string;
  region: string;
  /** Email of the service account. */
  serviceAccount: string;
}

/** The metadata server of one Cloud Run instance (Google's "Container runtime contract"). */
export async function startMetadataServer(
  cloud: Cloud,
  identity: MetadataIdentity,
): Promise<MetadataServer> {
  const metadata = answersOf(cloud, identity);
  const app = new Hono();
  app.use(guardBoundary);
  app.route("/", metadata);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  cloud.metadataServers.set(host, (request) => metadata.fetch(request));
  return {
    host,
    close: async () => {
      cloud.metadataServers.delete(host);
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answersOf(cloud: Cloud, identity: MetadataIdentity): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header("Metadata-Flavor", "Google");
    c.header("Server", "Metadata Server for Serverless");
  });
  app.get("/", (c) => text(c, "computeMetadata/\n"));
  app.use("/computeMetadata/*", async (c, next) => {
    if (c.req.header("metadata-flavor") === "Google") return next();
    return c.text("Missing Metadata-Flavor:Google header.", 403);
  });
  app.route("/computeMetadata/v1", routesOf(cloud, identity));
  return app;
}

function routesOf(cloud: Cloud, identity: MetadataIdentity): Hono {
  const { projectId, region, serviceAccount } = identity;
  const { projectNumber } = cloud.project(projectId);
  const member: Member = `serviceAccount:${serviceAccount}`;
  const routes = new Hono();
  routes.get("/project/project-id", (c) => text(c, projectId));
  routes.get("/project/numeric-project-id", (c) => text(c, projectNumber));
  routes.get("/universe/universe-domain", (c) => text(c, "googleapis.com"));
  routes.get("/instance/region", (c) =>
    text(c, `projects/${projectNumber}/regions/${region}`),
  );
  routes.get("/instance/zone", (c) =>
    text(c, `projects/${projectNumber}/zones/${region}-1`),
  );
  routes.get("/instance/service-accounts/", (c) =>
    text(c, `default/\n${serviceAccount}/\n`),
  );
  for (const name of ["default", serviceAccount]) {
    const base = `/instance/service-accounts/${name}`;
    routes.get(`${base}/`, (c) =>
      c.req.query("recursive") === "true"
        ? c.json({
            aliases: ["default"],
            email: serviceAccount,
            scopes: [SCOPE],
          })
        : text(c, "aliases\nemail\nidentity\nscopes\ntoken\n"),
    );
    routes.get(`${base}/email`, (c) => text(c, serviceAccount));
    routes.get(`${base}/scopes`, (c) => text(c, `${SCOPE}\n`));
    routes.get(`${base}/token`, (c) => {
      if (!isUsable(cloud, serviceAccount)) return unusable(c, serviceAccount);
      return c.json({
        access_token: cloud.newAccessToken(member),
        expires_in: LIFETIME,
        token_type: "Bearer",
      });
    });
    routes.get(`${base}/identity`, (c) => {
      const audience = c.req.query("audience") ?? "";
      if (audience === "") {
        return c.text("non-empty audience parameter required", 400);
      }
      if (!isUsable(cloud, serviceAccount)) return unusable(c, serviceAccount);
      return text(c, newIdentityToken(cloud, member, audience));
    });
  }
  return routes;
}

function isUsable(cloud: Cloud, email: string): boolean {
  const account = cloud.serviceAccount(email);
  return account !== undefined && !account.disabled;
}

function unusable(c: Context, email: string) {
  return c.text(`The service account ${email} was deleted or disabled.\n`, 404);
}

/** google-auth reads the content type, so it must be Google's. */
function text(c: Context, body: string) {
  return c.body(body, 200, { "Content-Type": "application/text" });
}
