"""Access panels in elevator cars: what their controllers push."""
