import httpx
import pytest
from fastapi import FastAPI

from hub.api import problems
from hub.api.console import serve_console


@pytest.fixture
def built(tmp_path):
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<title>console</title>")
    (static / "icon.svg").write_text("<svg/>")
    (static / "assets" / "app-1a2b.js").write_text("run()")
    (tmp_path / "secret.txt").write_text("secret")
    return static


async def get(folder, path, **headers):
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    serve_console(app, folder)
    problems.install(app)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize("path", ["/", "/cases/4711", "/login", "/apis", "/.built-from"])
async def test_a_page_of_the_console_is_its_one_page_and_is_asked_for_anew(built, path):
    answer = await get(built, path)
    assert (answer.status_code, answer.text) == (200, "<title>console</title>")
    assert answer.headers["cache-control"] == "no-cache"


async def test_an_asset_is_kept_for_good(built):
    answer = await get(built, "/assets/app-1a2b.js")
    assert answer.text == "run()"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(("taken", "sent"), [("gzip, br", "gzip"), ("identity", None)])
async def test_an_asset_is_packed_for_a_browser_that_takes_it_so(built, taken, sent):
    answer = await get(built, "/assets/app-1a2b.js", **{"Accept-Encoding": taken})
    assert (answer.text, answer.headers.get("content-encoding")) == ("run()", sent)
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "javascript" in answer.headers["content-type"]


async def test_a_file_at_the_top_is_served_as_itself(built):
    assert (await get(built, "/icon.svg")).text == "<svg/>"


@pytest.mark.parametrize("path", ["/api/nothing", "/api", "/assets/gone.js", "/assets/"])
async def test_neither_the_api_nor_an_asset_is_a_page(built, path):
    answer = await get(built, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    "path",
    ["/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "/%2e%2e/secret.txt", "/..%5csecret.txt"],
)
async def test_nothing_outside_the_folder_is_served(built, path):
    assert "secret" not in (await get(built, path)).text


async def test_a_console_that_is_not_built_says_how(tmp_path):
    answer = await get(tmp_path, "/")
    assert answer.status_code == 503
    assert "hatch_build.py" in answer.text
