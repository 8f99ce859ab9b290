"""Parts that an installation with fewer extras may lack."""

import importlib
import sys
from typing import Any


def need(module: str, extra: str) -> Any:
    """Import a part; without its libraries, say in one line how to get them, and end."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        print(
            f"gatehouse: this command needs {error.name}: pip install 'gatehouse[{extra}]'",
            file=sys.stderr,
        )
        sys.exit(2)
