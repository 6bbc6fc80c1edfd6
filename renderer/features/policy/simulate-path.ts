/** Where the simulator is asked about a logged call. */
export function simulatePath(id: string): string {
  return `/policy?${new URLSearchParams({ call: id }).toString()}`;
}
