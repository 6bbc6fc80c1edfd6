/** Names of headers, variables and query parameters whose values are secret even where a file holds them as they are. */

const sensitiveWords =
  /(?:^|[_-])(?:authorization|cookies?|token|secret|passw(?:or)?d|credentials?|(?:api|access|auth|private|signing)[_-]?key)(?:$|[_-])/i;
const sensitiveEndings = /(?:token|secret|password|apikey)$/i;

export function isSensitiveName(name: string): boolean {
  return sensitiveWords.test(name) || sensitiveEndings.test(name);
}
