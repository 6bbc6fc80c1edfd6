import { MCPClientError } from "../errors.ts";

/** Any function or method that gives a promise. */
export type AsyncFunction = (...args: never[]) => Promise<unknown>;

/** Wraps an async function, or decorates a method (a standard decorator), and keeps its type. */
export type Wrapper = <F extends AsyncFunction>(run: F, context?: ClassMethodDecoratorContext) => F;

type Loose = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/**
 * @param name of the wrapper, for errors.
 * @param around calls the function it is given: with its `this` and its arguments, or not at all.
 */
export function createWrapper(
  name: string,
  around: (run: () => Promise<unknown>, self: unknown, args: readonly unknown[]) => Promise<unknown>,
): Wrapper {
  return (run, context) => {
    const isMethod = context === undefined || (typeof context === "object" && context.kind === "method");
    if (typeof run !== "function" || !isMethod) {
      throw new MCPClientError("bad_request", `${name} wraps async functions and decorates methods, nothing else.`, {
        hint: "Decorators are the standard ones: turn off `experimentalDecorators` in tsconfig.json.",
      });
    }
    const inner = run as unknown as Loose;
    const wrapped: Loose = function (...args) {
      return around(() => inner.apply(this, args), this, args);
    };
    Object.defineProperty(wrapped, "name", { value: run.name, configurable: true });
    return wrapped as unknown as typeof run;
  };
}
