import type { GcloudContext } from "./context.ts";

/**
 * Node's own `fetch`, on gcloud's way; a service that is reached at
 * `gcloud run services proxy` is asked on this machine. Fails with InputError
 * where the way cannot be used.
 */
export function createFetch(
  context: Pick<GcloudContext, "properties">,
): typeof globalThis.fetch {
  let opened: ReturnType<typeof openWay> | undefined;
  return async (input, init) => {
    const { fetch, routeTo } = await (opened ??= openWay(context));
    const request = new Request(input, init);
    const answer = await fetch(request.url, {
      method: request.method,
      headers: [...request.headers],
      body: request.body === null ? null : await request.arrayBuffer(),
      redirect: request.redirect,
      signal: request.signal,
      dispatcher: routeTo(new URL(request.url).hostname),
    });
    // undici's answers are of a class of its own.
    return new Response(answer.body, {
      status: answer.status,
      headers: [...answer.headers],
    });
  };
}

async function openWay(context: Pick<GcloudContext, "properties">) {
  const [{ fetch }, { openRoutes }] = await Promise.all([
    import("./undici.ts"),
    import("./route.ts"),
  ]);
  return { fetch, routeTo: openRoutes(context) };
}
