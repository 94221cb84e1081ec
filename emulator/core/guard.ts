import type { HttpBindings } from "@hono/node-server";
import { createMiddleware } from "hono/factory";
import { findForeign } from "./boundary.ts";

/** Lets a Hono server on a loopback port answer what is meant for it, and no page of the web. */
export const guardBoundary = createMiddleware<{ Bindings: HttpBindings }>(
  async (c, next) => {
    const foreign = findForeign(c.env.incoming);
    if (foreign !== undefined) return c.text(`${foreign}\n`, 403);
    return next();
  },
);
