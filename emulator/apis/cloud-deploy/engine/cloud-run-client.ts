import type { ServiceMessage, TrafficTarget } from "../../run/model.ts";
import { memberOf } from "./accounts.ts";
import type { EngineContext } from "./context.ts";

/** A service as Cloud Run shows it. */
export type ShownService = ServiceMessage & {
  metadata: { name: string; annotations: Record<string, string> };
  status: {
    url?: string;
    traffic?: TrafficTarget[];
    latestCreatedRevisionName: string;
  };
};

interface Answer {
  status: number;
  body: unknown;
}

interface ErrorBody {
  error?: { message?: string };
}

/** Cloud Run's API of a location (`projects/P/locations/L`), called as a service account. */
export class CloudRunClient {
  readonly #base: string;
  readonly #token: string;
  readonly #signal: AbortSignal;

  constructor(
    { cloud, url }: EngineContext,
    location: string,
    email: string,
    signal: AbortSignal,
  ) {
    this.#base = `${url}/v1/${location}`;
    this.#token = cloud.newAccessToken(memberOf(email));
    this.#signal = signal;
  }

  async find(name: string): Promise<ShownService | undefined> {
    const answer = await this.#call("GET", `/services/${name}`);
    return answer.status === 404 ? undefined : (read(answer) as ShownService);
  }

  /** Creates or replaces the service. Throws why it has not become ready. */
  async apply(service: ServiceMessage, exists: boolean): Promise<ShownService> {
    const name = service.metadata?.name ?? "";
    const written = read(
      exists
        ? await this.#call("PUT", `/services/${name}`, service)
        : await this.#call("POST", "/services", service),
    ) as ShownService;
    await this.#settled(
      written.metadata.annotations["run.googleapis.com/operation-id"] ?? "",
    );
    return read(await this.#call("GET", `/services/${name}`)) as ShownService;
  }

  async #settled(operation: string): Promise<void> {
    for (;;) {
      const path = `/operations/${operation}:wait`;
      const answer = await this.#call("POST", path, { timeout: "30s" });
      const { done, error } = read(answer) as ErrorBody & { done?: boolean };
      if (error !== undefined) throw new Error(error.message);
      if (done === true) return;
    }
  }

  async #call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      signal: this.#signal,
      headers: {
        authorization: `Bearer ${this.#token}`,
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }
}

/** Throws Google's message. */
function read({ status, body }: Answer): unknown {
  if (status < 400) return body;
  throw new Error((body as ErrorBody).error?.message ?? `HTTP ${status}`);
}
