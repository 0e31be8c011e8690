/** The page's only trusted-types policy: markup from text is refused, but for the empty text with which the component library clears its live region. Imported before anything else. */

interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

const { trustedTypes } = window as Window & { trustedTypes?: PolicyFactory };

trustedTypes?.createPolicy("default", {
  createHTML(text) {
    if (text === "") return text;
    throw new TypeError("markup from text is refused");
  },
});

export {};
