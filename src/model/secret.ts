const secretName =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIALS?|AUTH|KEY|APIKEY|DSN|PAT)(?:_|$)|(?:TOKEN|SECRET|PASSWORD|APIKEY)$/i;

/** Variables whose names look like secrets and that hold none: a socket, a folder, a path to a key. */
const plainName = /^(?:OLDPWD|PWD|SSH_AUTH_SOCK|SSL_CERT_FILE)$|_(?:FILE|PATH|DIR|ID|URL|SOCK)$/i;

/** Whether an environment variable of this name holds a secret, by the name alone: `GITHUB_TOKEN`, `DB_PASSWORD`. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !plainName.test(name);
}

/** Shapes that the services themselves document for secret scanning. */
const secretShapes = [
  /\bsk-ant-[\w-]{12,}/,
  /\bsk-(?=[\w-]*\d)[\w-]{20,}/,
  /\bxox[abeoprs]-[\w-]{10,}/,
  /\bxapp-\d-[\w-]{10,}/,
  /\bgh[opsur]_[A-Za-z0-9]{30,}/,
  /\bgithub_pat_\w{30,}/,
  /\bglpat-[\w-]{16,}/,
  /\bnpm_[A-Za-z0-9]{30,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\b[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /:\/\/[^\s/:@]+:[^\s/@]+@/,
];

/** Whether a text holds something of the shape of a known token, a private key, or a URL with a password. */
export function holdsSecret(text: string): boolean {
  return secretShapes.some((shape) => shape.test(text));
}
