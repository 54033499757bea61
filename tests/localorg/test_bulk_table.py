"""CSV of jobs: what is written can be read, and what does not fit is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localorg.bulk.table import DELIMITERS, LINE_ENDINGS, Dialect, read_table
from localorg.errors import ApiError

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


@given(
    delimiter=st.sampled_from(sorted(DELIMITERS)),
    ending=st.sampled_from(sorted(LINE_ENDINGS)),
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4),
)
def test_what_is_written_can_be_read(delimiter: str, ending: str, rows: list[list[str]]) -> None:
    """Quotes, delimiters and line breaks inside a value survive, in every dialect."""
    dialect = Dialect(delimiter, ending)
    text = "".join(map(dialect.line, [["Id", "Name"], *rows]))
    table = read_table(text, dialect)
    assert (list(table.header), [list(each) for each in table.rows]) == (["Id", "Name"], rows)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no header line"),
        ("A,B\n1\n", "row 1 has 1 columns, the header 2"),
        ('A,B\n"1"x,2\n', "line 2"),
        ('A,B\n"1,2\n', "line 2"),
        ("A,B\r\n1,2\r\n", "Current LineEnding setting is LF"),
    ],
)
def test_what_is_no_table_is_refused(text: str, said: str) -> None:
    """The message says which line, or that the line ending is not the job's."""
    with pytest.raises(ApiError) as refused:
        read_table(text, Dialect())
    assert said in refused.value.message
