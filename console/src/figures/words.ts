/** Figures as people read them; a dash where nothing can be said. */
export function shareText(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`
}

export function numberText(value: number | null): string {
  return value === null ? '–' : value.toFixed(1)
}
