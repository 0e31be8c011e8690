/** Sources as they are shown. */

const webAddress = /https?:\/\/([^\s/)]+)[^\s),]*/g;

/** A source with the addresses in it cut to their hosts; the whole stands in its title. */
export function shortSource(source: string): string {
  return source.replace(webAddress, "$1");
}
