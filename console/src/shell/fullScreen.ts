/** The whole display for the page, where the browser lets it have that. */
export function toggleFull(): void {
  if (document.fullscreenElement) void document.exitFullscreen()
  else void document.documentElement.requestFullscreen?.().catch(() => undefined)
}
