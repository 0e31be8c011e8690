/** Messages about a number in the document, in the unit in which its field shows it. */

const figure = "-?\\d[\\d.]*(?:e[+-]?\\d+)?";
const aboutNumber = new RegExp(
  `^found (${figure}), wanted a number (of at least|of at most|above|below) (${figure})$`,
);

/** "found 1, wanted a number below 1" of a share shown in percent (scale 100) as "found 100, wanted a number below 100". Other messages stay. */
export function inFieldUnits(message: string, scale: number): string {
  const parts = aboutNumber.exec(message);
  if (scale === 1 || parts === null) return message;
  const [, found, words, limit] = parts;
  const shown = (text: string): string => String(Number((Number(text) * scale).toPrecision(9)));
  return `found ${shown(found)}, wanted a number ${words} ${shown(limit)}`;
}
