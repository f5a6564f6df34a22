// The one Node.js module that the server uses, as workerd has it under `nodejs_als`. Declared here rather than taken
// from @types/node, so that nothing else of Node.js typechecks in code that runs in a Worker.
declare module "node:async_hooks" {
  export class AsyncLocalStorage<T> {
    run<R, Args extends unknown[]>(store: T, callback: (...args: Args) => R, ...args: Args): R;
    exit<R, Args extends unknown[]>(callback: (...args: Args) => R, ...args: Args): R;
    getStore(): T | undefined;
    static bind<Fn extends (...args: never[]) => unknown>(fn: Fn): Fn;
    static snapshot(): <R, Args extends unknown[]>(fn: (...args: Args) => R, ...args: Args) => R;
  }
}
