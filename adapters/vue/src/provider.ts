/** Gives the client to an app, or to a part of it. */
import { defineComponent, hasInjectionContext, inject, provide, ssrContextKey, toRaw } from "vue";
import type { InjectionKey, Plugin, PropType } from "vue";
import type { Client, RegisteredFunctions } from "@edgepod/core";

const KEY: InjectionKey<() => Client<RegisteredFunctions>> = Symbol("EdgePod");

/**
 * Puts a client in reach of an app's composables.
 *
 * @example
 * const client = createClient<typeof functions>({ url: location.origin, apiKey: "ep_pk_…" });
 * createApp(App).use(createEdgePod({ client })).mount("#app");
 */
export function createEdgePod({ client }: { readonly client: Client<RegisteredFunctions> }): Plugin {
  return { install: (app) => app.provide(KEY, () => toRaw(client)) };
}

/**
 * Puts another client in reach of the components in its slot, as where each project has a pod of its own.
 *
 * @example
 * <EdgePodProvider :client="clientOf(project)"><Board /></EdgePodProvider>
 */
export const EdgePodProvider = defineComponent({
  name: "EdgePodProvider",
  props: { client: { type: Object as PropType<Client<RegisteredFunctions>>, required: true } },
  setup(props, { slots }) {
    // A client's private fields can't be reached through the proxy that `ref(client)` makes of it.
    provide(KEY, () => toRaw(props.client));
    return () => slots.default?.();
  },
});

/** The client in reach of `composable`, which says its name in the error. */
export function useProvidedClient(composable: string): () => Client<RegisteredFunctions> {
  const client = hasInjectionContext() ? inject(KEY, null) : null;
  if (client) return client;
  throw new Error(
    `${composable} found no client. Install the plugin: app.use(createEdgePod({ client })). Call ${composable} in ` +
      "setup(), before its first await; elsewhere, inside app.runWithContext(() => …).",
  );
}

/** Whether the app is rendered to a text, as its renderer tells by what it provides. */
export function isOnServer(): boolean {
  return typeof window === "undefined" || inject<unknown>(ssrContextKey, null) !== null;
}
