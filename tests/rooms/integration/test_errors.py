"""What is wrong with a table is said by row."""

from comity.integration.errors import PanelError, name_rows


def test_rows_are_named_and_the_rest_counted():
    assert name_rows([7]) == "row 7"
    assert name_rows(list(range(8))) == "rows 0, 1, 2, 3, 4 and 3 more"
    assert "rows 1, 2" in str(PanelError("wrong", rows=[1, 2]))
