"""What many cases say together: analysis, weekly report (民声快报), monthly notice (提示单)."""
