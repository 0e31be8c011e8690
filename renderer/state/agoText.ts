/** How long ago something was, in words. */

const steps = [
  { below: 60, size: 1, name: "" },
  { below: 3600, size: 60, name: "min" },
  { below: 86_400, size: 3600, name: "h" },
  { below: 30 * 86_400, size: 86_400, name: "days" },
] as const;

/** "just now", "5 min ago", "3 h ago", "1 day ago"; a date from a month on, and for times ahead. Both in milliseconds since 1970. */
export function agoText(atMs: number, nowMs: number): string {
  const seconds = (nowMs - atMs) / 1000;
  const step = steps.find(({ below }) => seconds < below);
  if (seconds < -60 || step === undefined) return new Date(atMs).toLocaleDateString();
  if (step.name === "") return "just now";
  const count = Math.floor(seconds / step.size);
  return `${count} ${count === 1 && step.name === "days" ? "day" : step.name} ago`;
}
