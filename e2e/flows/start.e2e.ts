import { expect, test } from "playwright/test";
import { hostKinds, openApp } from "../fixtures/hosts.ts";

for (const kind of hostKinds) {
  test(`the window opens and talks to core (${kind})`, async ({ browserName }, info) => {
    void browserName;
    const app = await openApp(kind, info.outputPath("data"));
    await expect(app.page.getByRole("navigation", { name: "Library" })).toBeVisible();
    await expect(app.page.getByTestId("verdict")).toBeVisible({ timeout: 20_000 });
    await app.page.screenshot({ path: info.outputPath(`${kind}.png`) });
    await app.close();
    expect(app.problems).toEqual([]);
  });
}
