import { runConformance } from "@edgepod/conformance";
import { driver } from "./driver.svelte.ts";

runConformance(driver);
