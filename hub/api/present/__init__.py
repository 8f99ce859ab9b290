"""From rows to answers: what a person is shown of what is stored."""
