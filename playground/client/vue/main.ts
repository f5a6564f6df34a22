import { createApp } from "vue";
import { createEdgePod } from "@edgepod/vue";
import { client } from "../shared/client.ts";
import App from "./App.vue";

createApp(App).use(createEdgePod({ client })).mount("#root");
