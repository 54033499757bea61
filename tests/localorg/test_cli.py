"""The command line of the local org: what it refuses before it serves."""

from __future__ import annotations

import pytest

from localorg.cli import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "COMMAND"),
        (["serve", "--port", "65536"], "65536 is not in the range from 0 to 65535"),
        (["serve", "--port", "x"], "argument --port"),
        (["serve", "--latency", "nan"], "nan is not in the range"),
        (["serve", "--seed", "big"], "invalid choice"),
        (["serve", "--jwt-certificate", "absent.pem"], "absent.pem is not a file"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """The message names the argument, and the exit code is two."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_an_address_in_use_ends_with_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the machine refuses is said without a traceback."""

    def refuse(port: int) -> None:
        raise OSError(f"port {port} is taken")

    monkeypatch.setattr("localorg.server.listen", refuse)
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--port", "0"])
    assert (ended.value.code, capsys.readouterr().err) == (1, "localorg: port 0 is taken\n")
