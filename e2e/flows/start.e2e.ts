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

test("a scenario is begun, thrown away, had back, thrown away again and erased after a question", async ({
  browserName,
}, info) => {
  void browserName;
  const app = await openApp("loopback", info.outputPath("data"));
  const { page } = app;
  await expect(page.getByTestId("verdict")).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press("Control+1");
  const recent = page.getByRole("region", { name: "Recent" });
  await expect(recent.getByRole("button", { name: /^Azure conversations/ })).toContainText(
    "a month",
  );
  await page.getByRole("button", { name: /^Chatbot on APIs/ }).click();
  await expect(page.getByTestId("verdict")).toBeVisible({ timeout: 20_000 });

  const throwAway = async (): Promise<void> => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("bin");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/is in the bin/).first()).toBeVisible();
  };
  await throwAway();
  await page.getByRole("button", { name: "Bin (1)" }).click();
  await page.getByRole("button", { name: /^Restore Chatbot/ }).click();
  await expect(page.getByRole("button", { name: /^Bin/ })).toHaveCount(0);
  await recent.getByRole("button", { name: /^Chatbot/ }).click();
  await throwAway();
  await page.getByRole("button", { name: "Bin (1)" }).click();
  await page.getByRole("button", { name: "Empty the bin" }).click();
  await expect(page.getByText(/Erase it for good\?/)).toBeVisible();
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await page.getByRole("button", { name: "Empty the bin" }).click();
  await page.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(page.getByRole("button", { name: /^Bin/ })).toHaveCount(0);
  await expect(recent.getByRole("button")).toHaveCount(1);
  await app.close();
  expect(app.problems).toEqual([]);
});
