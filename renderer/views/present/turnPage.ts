/** Which page a key turns to. */

/** The next page, 0-based; undefined where the key turns none, or there is no further one. */
export function turned(page: number, key: string, pages: number): number | undefined {
  const wanted = wantedPage(page, key, pages);
  return wanted === undefined || wanted === page || wanted < 0 || wanted >= pages
    ? undefined
    : wanted;
}

function wantedPage(page: number, key: string, pages: number): number | undefined {
  switch (key) {
    case "ArrowRight":
    case "PageDown":
      return page + 1;
    case "ArrowLeft":
    case "PageUp":
      return page - 1;
    case "Home":
      return 0;
    case "End":
      return pages - 1;
    default:
      return undefined;
  }
}
