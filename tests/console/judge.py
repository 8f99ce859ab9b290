"""What axe-core says of a page."""

SETTLED = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  await frame().then(frame)
  await Promise.all(document.getAnimations()
    .filter((one) => one.effect.getTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => null)))
}"""
RUN = """async (rules) => {
  const only = rules ? { runOnly: rules } : {}
  const found = await axe.run(document, { resultTypes: ['violations'], ...only })
  return found.violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => [one.id, String(node.target),
      node.html.slice(0, 100), node.any.concat(node.all).map((check) => check.message).join('; ')]))
}"""


class Judge:
    """Judges a page as it stands, in light and in dark. found: (view, theme, fault)."""

    def __init__(self, page, axe):
        self.page, self.axe, self.found = page, axe, []

    async def judge(self, view, *, both=False):
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(self.axe)
        # The structure is the same in both themes; only the colours are not.
        dark = [("dark", ["color-contrast"])] if both else []
        for theme, rules in (*dark, ("light", None)):
            await self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            await self.page.evaluate(SETTLED)
            self.found += [(view, theme, *one) for one in await self.page.evaluate(RUN, rules)]
