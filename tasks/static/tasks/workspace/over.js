// After the end: the time for taking back runs out, and the button goes with it.

import { one } from "./dom.js";

one("[data-take-back]")?.addEventListener("deadline", (event) => event.currentTarget.remove());
