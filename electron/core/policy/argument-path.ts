/** A path into a call's arguments, e.g. `items[0].id`: a string names a property, a number an index. */
export type ArgumentPath = readonly (string | number)[];

/** Reads a path that the policy's schema has already found well formed. */
export function parseArgumentPath(path: string): ArgumentPath {
  return Array.from(path.matchAll(/\[(\d+)\]|([^.[\]]+)/g), ([, index, name]) =>
    name === undefined ? Number(index) : name,
  );
}

/** The value at that exact path, through own properties of objects and elements of lists alone; `undefined` where there is none. */
export function lookUp(args: unknown, path: ArgumentPath): unknown {
  let value = args;
  for (const step of path) {
    const fits = typeof step === "number" ? Array.isArray(value) : isPlain(value);
    if (!fits || !Object.hasOwn(value as object, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
