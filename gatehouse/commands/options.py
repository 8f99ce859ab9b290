"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path, typer.Option(help="The configuration file (TOML).", readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Seed = Annotated[int | None, typer.Option(help="Seed; without it the scenario's own.")]
ModelName = Annotated[str | None, typer.Option(help="A folder in models/.")]
ReportFile = Annotated[Path | None, typer.Option(help="Write the scorecard here, as JSON.")]
