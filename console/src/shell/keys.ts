/** Whether a key press belongs to a field or a dialog instead of to the view. */
export function typing(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true
  const target = event.target as HTMLElement | null
  if (target?.closest('input, textarea, select, [role="dialog"], [contenteditable]')) return true
  return document.querySelector('.el-overlay:not([style*="display: none"])') !== null
}
