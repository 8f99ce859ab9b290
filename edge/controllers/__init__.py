"""Controllers that push records and take orders over HTTP: what gates and barriers share."""
