import pytest

from tests.skip_policy import allowed

SKIPPING = """
    import pytest

    def test_passes():
        pass

    @pytest.mark.skip(reason="no such device here")
    def test_skipped():
        pass
"""
SKIPPING_MODULE = "import pytest\npytest.skip('nothing here', allow_module_level=True)"


def run(pytester, monkeypatch, source: str, *, require_all: bool):
    monkeypatch.setenv("REQUIRE_ALL", "1" if require_all else "")
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess("-p", "tests.skip_policy", "-p", "no:asyncio")


def test_skip_is_a_skip_for_people(pytester, monkeypatch):
    run(pytester, monkeypatch, SKIPPING, require_all=False).assert_outcomes(passed=1, skipped=1)


def test_skip_is_a_failure_where_all_is_required(pytester, monkeypatch):
    result = run(pytester, monkeypatch, SKIPPING, require_all=True)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*REQUIRE_ALL=1 forbids it: no such device here*"])


def test_skipped_module_is_an_error_where_all_is_required(pytester, monkeypatch):
    run(pytester, monkeypatch, SKIPPING_MODULE, require_all=True).assert_outcomes(errors=1)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("no GPU here", True),
        ("needs 4 cores", True),
        ("no GPU here, nor there", False),
        ("a comment", False),
        ("", False),
    ],
)
def test_list_holds_whole_reasons(reason, expected):
    assert allowed(reason, "# a comment\n\nno GPU here\nneeds \\d cores\n") is expected
