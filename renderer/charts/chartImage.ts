/** A chart as a picture that stands alone: SVG with its colours and sizes written out, and PNG. */
import { wrapText } from "../../shared/reports/wrapText.ts";

/** Properties that a copied element takes along from the page's style sheets. */
const carried = [
  ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"],
  ...["stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight"],
  ...["text-anchor", "dominant-baseline", "letter-spacing", "visibility", "display"],
];

const svgNamespace = "http://www.w3.org/2000/svg";

function carryStyle(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of carried) {
    const value = style.getPropertyValue(name);
    if (value !== "") to.setAttribute(name, value.replaceAll('"', "'"));
  }
  for (const name of ["class", "style", "data-testid"]) to.removeAttribute(name);
  // A picture has no web fonts: another face is squeezed into the room of the page's.
  if (from instanceof SVGTextElement && from.textContent !== "") {
    to.setAttribute("textLength", from.getComputedTextLength().toFixed(1));
    to.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}

/** Words with a rim of paper around them, painted beneath: many programs know no order of painting, so that the rim gets an element of its own. */
function splitHalo(from: Element, to: Element): void {
  if (!getComputedStyle(from).paintOrder.startsWith("stroke")) return;
  const rim = to.cloneNode(true) as Element;
  rim.setAttribute("fill", "none");
  to.setAttribute("stroke", "none");
  to.parentNode?.insertBefore(rim, to);
}

function textElement(name: string, text: string): Element {
  const element = document.createElementNS(svgNamespace, name);
  element.textContent = text;
  return element;
}

function backdrop(width: number, height: number, colour: string): Element {
  const rect = document.createElementNS(svgNamespace, "rect");
  const attributes = { width: String(width), height: String(height), fill: colour };
  for (const [name, value] of Object.entries(attributes)) rect.setAttribute(name, value);
  return rect;
}

/** What a canvas under the chart shows, as an image within it. */
function canvasImage(canvas: HTMLCanvasElement): Element {
  const image = document.createElementNS(svgNamespace, "image");
  image.setAttribute("href", canvas.toDataURL("image/png"));
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = canvas;
  const box = { x: offsetLeft, y: offsetTop, width: offsetWidth, height: offsetHeight };
  for (const [name, value] of Object.entries(box)) image.setAttribute(name, String(value));
  return image;
}

/** Title and sentence above the chart, as they stand on the page; its elements, and how high they are. */
function heading(
  { title, summary }: ChartPicture,
  width: number,
): { text: Element[]; height: number } {
  const style = getComputedStyle(document.body);
  const lines = wrapText(summary, Math.max(24, Math.floor(width / 6.4)));
  const line = (text: string, y: number, size: number, weight: string): Element => {
    const element = textElement("text", text);
    const face = style.fontFamily.replaceAll('"', "'");
    const given = { x: 0, y, "font-family": face, "font-size": size, "font-weight": weight };
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, String(value));
    element.setAttribute("fill", style.color);
    return element;
  };
  const text = [
    line(title, 16, 14, "600"),
    ...lines.map((each, i) => line(each, 36 + 17 * i, 12.5, "400")),
  ];
  return { text, height: 44 + 17 * lines.length };
}

/** Room around a picture, pixels. */
const edge = 16;

function sizeOf(picture: ChartPicture): { width: number; height: number; headHeight: number } {
  const { width, height } = picture.svg.getBoundingClientRect();
  const { height: headHeight } = heading(picture, width);
  return { width: width + 2 * edge, height: height + headHeight + 2 * edge, headHeight };
}

function movedGroup(y: number, children: readonly Node[]): Element {
  const group = document.createElementNS(svgNamespace, "g");
  group.setAttribute("transform", `translate(${edge} ${y})`);
  group.append(...children);
  return group;
}

/** What a picture of a chart is made from. */
export interface ChartPicture {
  readonly svg: SVGSVGElement;
  /** Drawn beneath the SVG, where the chart has too many points for it. */
  readonly canvas: HTMLCanvasElement | null;
  readonly title: string;
  readonly summary: string;
}

/** The chart as SVG text, with its title and sentence, on the page's paper. Elements marked data-passing (readouts) are left out. */
export function chartSvg(picture: ChartPicture): string {
  const { svg, canvas, title, summary } = picture;
  const { width, height, headHeight } = sizeOf(picture);
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  for (const [i, original] of originals.entries()) carryStyle(original, copies[i]);
  for (const [i, original] of originals.entries()) splitHalo(original, copies[i]);
  for (const passing of copy.querySelectorAll("[data-passing]")) passing.remove();
  const size = { width: Math.round(width), height: Math.round(height) };
  const head = movedGroup(edge, heading(picture, width - 2 * edge).text);
  const body = movedGroup(edge + headHeight, [
    ...(canvas ? [canvasImage(canvas)] : []),
    ...copy.childNodes,
  ]);
  const paper = getComputedStyle(document.body).backgroundColor;
  copy.append(textElement("title", title), textElement("desc", summary));
  copy.append(backdrop(size.width, size.height, paper), head, body);
  copy.setAttribute("xmlns", svgNamespace);
  copy.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  for (const [name, value] of Object.entries(size)) copy.setAttribute(name, String(value));
  return new XMLSerializer().serializeToString(copy);
}

function loadImage(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("The chart could not be drawn as a picture."));
    image.src = address;
  });
}

/** The chart as PNG, twice as fine as the screen's pixels. */
export async function chartPng(picture: ChartPicture): Promise<Blob> {
  const scale = 2;
  const { width, height } = sizeOf(picture);
  const blob = new Blob([chartSvg(picture)], { type: "image/svg+xml" });
  const address = URL.createObjectURL(blob);
  try {
    const image = await loadImage(address);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((png) => (png ? resolve(png) : reject(new Error("No PNG could be made.")))),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}
