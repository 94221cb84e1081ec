/** What is needed of undici, a third of what a script loads: it is loaded while gcloud starts (`import("./undici.ts")`). */
export {
  Agent,
  type Dispatcher,
  EnvHttpProxyAgent,
  ProxyAgent,
  fetch,
} from "undici";
