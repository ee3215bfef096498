// Dark, light, or as the system says.

import { keptCell } from "../base/cell.js";

export const theme = keptCell("limn.theme", "system");

export function applyTheme() {
  theme.subscribe((value) => (document.documentElement.dataset.theme = value));
}
