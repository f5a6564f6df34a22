// The client knows the worker's functions and nothing of the platform that they run on. Checked by `tsc -b`; never run.

// @ts-expect-error no type of the Workers' runtime
export type Namespace = DurableObjectNamespace;

// @ts-expect-error nor of Node.js
export type Process = typeof process;
