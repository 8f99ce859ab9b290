"""The site's plan: completed where nothing was drawn, kept where something was."""

from hub.plans.image import check_image, image_file
from hub.plans.keeping import Kept, PlanFiles
from hub.plans.layout import Layout, lay_out

__all__ = ["Kept", "Layout", "PlanFiles", "check_image", "image_file", "lay_out"]
