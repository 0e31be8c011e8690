/** Text in lines of a limited width. */

/**
 * Lines of at most `width` characters, broken between words. Lines after the first begin with `indent`. A word that is too long
 * stands alone, cut only where `cutsWords` says so.
 */
export function wrapText(text: string, width: number, indent = "", cutsWords = false): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => pieces(each, width, cutsWords))) {
    if (line === "") line = word;
    else if (lengthOf(line) + 1 + lengthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

/** Characters of a text as a terminal counts them, wide ones apart. */
export function lengthOf(text: string): number {
  return [...text].length;
}

function pieces(word: string, width: number, cutsWords: boolean): string[] {
  const characters = [...word];
  if (!cutsWords || characters.length <= width) return [word];
  const count = Math.ceil(characters.length / width);
  return Array.from({ length: count }, (_, i) =>
    characters.slice(i * width, (i + 1) * width).join(""),
  );
}
