"""Renders elevator cabins with exact boxes: training material for the e-bike detector.

Runs in an environment of its own (`pip install .[train]`: Blender as a module needs CPython 3.11);
nothing that ships imports it.
"""
