/** Light, dark or high contrast, in the system's parts and before the page paints. */
import type { Settings } from "../../shared/contract/settings.ts";

type Theme = Settings["theme"];

/** The colour of paper in renderer/theme/tokens.css; a test holds the two together. */
export const paperColours = { light: "#fbf8f2", dark: "#17191b", contrast: "#ffffff" } as const;

/** What nativeTheme.themeSource is set to: the high-contrast theme is a light one. */
export function themeSourceOf(theme: Theme): "system" | "light" | "dark" {
  return theme === "contrast" ? "light" : theme;
}

/** The window's colour before the page's own. */
export function paperColour(theme: Theme, isSystemDark: boolean): string {
  if (theme === "system") return isSystemDark ? paperColours.dark : paperColours.light;
  return paperColours[theme];
}
