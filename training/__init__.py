"""Recipes that make the models; nothing that runs at a site imports this."""
