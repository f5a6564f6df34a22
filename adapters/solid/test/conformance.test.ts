import { runConformance } from "@edgepod/conformance";
import { driver } from "./driver.ts";

runConformance(driver);
