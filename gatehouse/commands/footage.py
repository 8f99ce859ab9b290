"""The commands about footage: looked through, judged, and played through the line."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gatehouse.commands.options import AsJson, ModelName
from gatehouse.extras import need

detect = typer.Typer(help="Look through pictures and recordings.", no_args_is_help=True)
evaluate = typer.Typer(help="Figures of the detectors.", no_args_is_help=True)

Paths = Annotated[list[Path], typer.Argument(help="Files or folders.", readable=False)]
Folder = Annotated[Path, typer.Argument(help="The folder.", readable=False)]


class _Camera(StrEnum):
    ELEVATOR = "elevator-camera"
    FACADE = "facade-camera"


def replay(
    footage: Annotated[
        Path, typer.Argument(help="A video, a picture, or a folder of pictures.", readable=False)
    ],
    *,
    camera: Annotated[_Camera, typer.Option("--as", help="The kind of camera that saw it.")],
    config: Annotated[
        Path, typer.Option(help="A site file with such a camera (TOML).", readable=False)
    ],
    device: Annotated[
        str | None, typer.Option(help="Which camera, where the site has several.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.5, max=10, help="Footage s per s.")] = 1.0,
    fps: Annotated[float, typer.Option(min=0.5, max=30, help="Pictures a s, of a folder.")] = 2.0,
    model: ModelName = None,
    as_json: AsJson = False,
) -> None:
    """Play footage through the real line, and print what the hub makes of it."""
    part = need("gatehouse.replay", "all")
    showing = part.Showing(
        footage=footage,
        kind=camera.value,
        site_file=config,
        device=device,
        speed=speed,
        fps=fps,
        model=model,
        as_json=as_json,
    )
    raise typer.Exit(part.run(showing))


@detect.command("ebike")
def detect_ebike(paths: Paths, *, as_json: AsJson = False, model: ModelName = None) -> None:
    """Find e-bikes in pictures, folders and videos."""
    part = need("gatehouse.detect_ebike", "all")
    raise typer.Exit(part.run(paths, as_json=as_json, model=model or part.DEFAULT_MODEL))


@detect.command("falling")
def detect_falling(
    videos: Paths,
    *,
    as_json: AsJson = False,
    site: Annotated[
        Path | None, typer.Option(help="The facade: polygon, floors, masks.", readable=False)
    ] = None,
) -> None:
    """Find what fell past a facade in recordings."""
    part = need("gatehouse.detect_falling", "all")
    raise typer.Exit(part.detect(videos, site, as_json=as_json))


@evaluate.command("ebike")
def eval_ebike(directory: Folder, *, as_json: AsJson = False, model: ModelName = None) -> None:
    """Figures over a folder of labelled pictures."""
    part = need("gatehouse.eval_ebike", "all")
    raise typer.Exit(part.run(directory, as_json=as_json, model=model or part.DEFAULT_MODEL))


@evaluate.command("falling")
def eval_falling(
    directory: Annotated[Path | None, typer.Argument(help="The folder.", readable=False)] = None,
    *,
    rendered: Annotated[bool, typer.Option("--rendered", help="Drawn scenes instead.")] = False,
    falls: Annotated[int, typer.Option(min=0, help="With --rendered: falls.")] = 240,
    hours: Annotated[
        float, typer.Option(min=0, help="With --rendered: hours in which nothing falls.")
    ] = 0.25,
    seed: Annotated[int, typer.Option(help="With --rendered: the seed.")] = 1,
    backgrounds: Annotated[
        Path | None, typer.Option(help="With --rendered: pictures of facades to put behind.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Figures over a folder in FADE's layout, of videos beside a `truth.json`, or over renders."""
    if rendered == (directory is not None):
        print("gatehouse: name a folder, or say --rendered", file=sys.stderr)
        raise typer.Exit(2)
    if directory is not None:
        part = need("gatehouse.eval_falling", "all")
        raise typer.Exit(part.evaluate(directory, as_json=as_json))
    part = need("gatehouse.eval_rendered", "all")
    suite = part.Suite(falls=falls, hours=hours, seed=seed, backgrounds=backgrounds)
    raise typer.Exit(part.evaluate_rendered(suite, as_json=as_json))
