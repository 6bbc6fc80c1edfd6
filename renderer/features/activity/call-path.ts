/** Where a call's timeline is shown. */
export function callPath(id: string): string {
  return `/activity?${new URLSearchParams({ call: id }).toString()}`;
}
