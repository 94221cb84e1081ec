/** Google's severities of log entries, in rising order. */
export const SEVERITIES = [
  "DEFAULT",
  "DEBUG",
  "INFO",
  "NOTICE",
  "WARNING",
  "ERROR",
  "CRITICAL",
  "ALERT",
  "EMERGENCY",
] as const;

export type Severity = (typeof SEVERITIES)[number];

/** A log entry as Cloud Logging v2 shows it. */
export interface LogRecord {
  insertId: string;
  /** E.g. `projects/P/logs/run.googleapis.com%2Fstderr`. */
  logName: string;
  resource: { type: string; labels: Record<string, string> };
  timestamp: string;
  receiveTimestamp: string;
  severity?: Severity;
  labels?: Record<string, string>;
  textPayload?: string;
  jsonPayload?: Record<string, unknown>;
  httpRequest?: HttpRequest;
}

/** What Cloud Logging v2 shows of a request. */
export interface HttpRequest {
  requestMethod: string;
  requestUrl: string;
  status: number;
  userAgent: string;
  remoteIp: string;
  /** `0.045s`. */
  latency: string;
  /** `HTTP/1.1`. */
  protocol: string;
}
