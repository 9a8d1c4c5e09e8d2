// Telemetry first: imports run in their order, and what the app logs while it loads is captured too.

import "./telemetry.js";
import { registerRootComponent } from "expo";
import { App } from "./App.jsx";

registerRootComponent(App);
