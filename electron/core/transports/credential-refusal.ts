/** Whether an answer refuses the credentials, so that others may help. Any other 403 concerns what was asked (RFC 6750, 3.1). */
export function isRefusal(status: number | undefined, wwwAuthenticate: string | null): status is 401 | 403 {
  return status === 401 || (status === 403 && /\berror="?insufficient_scope\b/.test(wwwAuthenticate ?? ""));
}
