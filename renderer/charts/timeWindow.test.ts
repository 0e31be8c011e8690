import { describe, expect, it } from "vitest";
import { clampWindow, TimeLink, zoomWindow } from "./timeWindow.ts";

describe("the shared time axis", () => {
  it("moves a window back into the run and does not cut it", () => {
    expect(clampWindow({ fromS: -50, toS: 50 }, 1000, 1)).toEqual({ fromS: 0, toS: 100 });
    expect(clampWindow({ fromS: 950, toS: 1050 }, 1000, 1)).toEqual({ fromS: 900, toS: 1000 });
    expect(clampWindow({ fromS: -50, toS: 5000 }, 1000, 1)).toEqual({ fromS: 0, toS: 1000 });
  });

  it("keeps the moment under the pointer in its place while zooming", () => {
    const zoomed = zoomWindow({ fromS: 0, toS: 100 }, 0.5, 25);
    expect(zoomed).toEqual({ fromS: 12.5, toS: 62.5 });
  });

  it("zooms no closer than its least window, and back out to the whole run", () => {
    const link = new TimeLink(1000, 20);
    link.zoomBy(0.001, 500);
    expect(link.store.getState()).toMatchObject({ fromS: 490, toS: 510 });
    link.panBy(-10_000);
    expect(link.store.getState()).toMatchObject({ fromS: 0, toS: 20 });
    link.zoomBy(1e6, 10);
    expect(link.isWhole()).toBe(true);
  });
});
