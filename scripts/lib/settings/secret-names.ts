/** How the names of variables end that hold secrets, a number behind it aside (`GEMINI_API_KEY_2`). */
const SECRET_NAME =
  /(^|_)(KEY|KEYS|KEY_ID|SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIALS?|LICENSE|SALT|DSN|CONNECTION_STRING|WEBHOOK_URL)(_?\d+)?$/i;

/** Whether a variable holds a secret, by its name alone. An env says otherwise by SECRET_VARIABLES and PLAIN_VARIABLES. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}
