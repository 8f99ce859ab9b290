"""What `bench.screen` asks of a page, in the page's own language."""

from typing import Final

BOOT: Final = """
window.benchTasks = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.benchTasks.push(one.duration);
}).observe({ type: 'longtask', buffered: true });
const wall = '[data-testid="alarm-list"], [data-testid="all-quiet"]';
new MutationObserver((_, watcher) => {
  if (!document.querySelector(wall)) return;
  watcher.disconnect();
  requestAnimationFrame(() => { window.benchShown = performance.now(); });
}).observe(document, { childList: true, subtree: true });
"""
"""Notes tasks over 50 ms, and when the wall's list, or that all is quiet, was on screen."""

PAINT: Final = """() => [
  performance.getEntriesByName('first-contentful-paint')[0].startTime,
  window.benchShown,
]"""
"""Milliseconds since the navigation began: the first thing painted; the wall."""

SCRIPTS: Final = """() => performance.getEntriesByType('resource')
  .filter((one) => new URL(one.name).pathname.endsWith('.js'))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
"""Bytes of script as they came over the wire."""

LONG_TASKS: Final = "() => window.benchTasks"
