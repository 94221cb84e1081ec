import type { ServerResponse } from "node:http";

/** What Google's front end answers by itself, in its words. */
export interface Page {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** No revision of the service is ready. */
export const NOT_FOUND = html(
  404,
  "Error: Page not found",
  "The requested URL was not found on this server.",
);

/** A request over HTTP/1 may have 32 MiB. */
export const TOO_LARGE = html(
  413,
  "Error: Request Entity Too Large",
  "Your client issued a request that was too large.",
);

/** No instance had room within the pending time. */
export const RATE_EXCEEDED: Page = {
  status: 429,
  headers: { "Content-Type": "text/html" },
  body: "Rate exceeded.",
};

/** The request took longer than the service's timeout. */
export const TIMED_OUT = text(504, "upstream request timeout");

/** The connection to the container broke. */
export const BROKEN = text(
  503,
  "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
);

/** The instance could not be started. */
export const UNAVAILABLE = text(503, "Service Unavailable");

/** The emulator's own: the request was not meant for this address. */
export function foreign(why: string): Page {
  return text(403, `The emulated Cloud Run refuses this request. ${why}\n`);
}

/** The caller is nobody, or lacks `run.routes.invoke`. */
export function forbidden(path: string): Page {
  return html(
    403,
    "Error: Forbidden",
    `Your client does not have permission to get URL <code>${escape(path)}</code> from this server.`,
  );
}

/** The token is none of Google's, has expired or is meant for another audience. */
export function unauthorized(path: string): Page {
  const page = html(
    401,
    "Error: Unauthorized",
    `Your client does not have permission to the requested URL <code>${escape(path)}</code>.`,
  );
  return {
    ...page,
    headers: {
      ...page.headers,
      "WWW-Authenticate":
        'Bearer error="invalid_token" error_description="The access token could not be verified"',
    },
  };
}

export function send(response: ServerResponse, page: Page): void {
  response.writeHead(page.status, page.headers);
  response.end(page.body);
}

function text(status: number, body: string): Page {
  return { status, headers: { "Content-Type": "text/plain" }, body };
}

function html(status: number, title: string, message: string): Page {
  const name = title.replace("Error: ", "");
  return {
    status,
    headers: { "Content-Type": "text/html; charset=UTF-8" },
    body: `
<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>${status} ${name}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>${title}</h1>
<h2>${message}</h2>
<h2></h2>
</body></html>
`,
  };
}

function escape(path: string): string {
  return path.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
}
