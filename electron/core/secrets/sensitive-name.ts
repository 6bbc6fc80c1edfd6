/** Names of headers, variables, flags and query parameters whose values are secret even where a file holds them as they are. */

const sensitiveWords =
  /(?:^|[_-])(?:authorization|cookies?|token|secret|passw(?:or)?d|passphrase|credentials?|(?:api|access|auth|private|signing)[_-]?key)(?:$|[_-])/i;
const sensitiveEndings = /(?:token|secret|password|passphrase|(?:api|access|account|private|signing)key)$/i;
/** A place where a secret is kept is none. */
const places = /[_-](?:file|path|dir)$/i;
/** What these name in a URL's query is secret, though elsewhere they are ordinary words. */
const sensitiveParameters = /^(?:key|auth|code|pass|pwd|sig|signature)$/i;

export function isSensitiveName(name: string): boolean {
  return (sensitiveWords.test(name) || sensitiveEndings.test(name)) && !places.test(name);
}

/** Whether a parameter of this name, in a URL's query or fragment, is secret. */
export function isSensitiveParameter(name: string): boolean {
  return isSensitiveName(name) || sensitiveParameters.test(name);
}
