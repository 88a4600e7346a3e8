"""The published scales: complete, equal to their publishers, replaceable, refused where they are wrong."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from comity.events.scale import ScaleError, list_scales, read_scale, read_types

HEAD = """id: mine
title: My scale
version: "1"
range: [-1, 1]
neutral: [-0.1, 0.1]
references:
  - {key: me, text: My own values., doi: null}
"""
HEADER = "code,type,quad,score,label,reference\n"
ROWS = "042,CONSULT,1,0.5,Visit,me\n1213,REJECT,3,,Reject,me\n"
PLOVER = (
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION "
    "MOBILIZE COERCE ASSAULT"
).split()


def write_scale(folder: Path, head: str = HEAD, table: str = HEADER + ROWS) -> Path:
    """Write a user's scale and return the path of its .yml."""
    path = folder / "mine.yml"
    path.write_text(head, encoding="utf-8")
    path.with_suffix(".csv").write_text(table, encoding="utf-8")
    return path


def read_lookup(path: Path) -> dict[str, str]:
    """Read one of GDELT's two-column tables."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines if line.strip())


def test_every_code_that_gdelt_lists_has_a_row(shared: Path) -> None:
    listed = read_lookup(shared / "data/lookups/CAMEO.eventcodes.txt")
    assert len(listed) == 311
    for name in list_scales():
        assert set(listed) <= read_scale(name).codes


def test_scores_equal_the_table_that_gdelt_publishes(shared: Path) -> None:
    published = read_lookup(shared / "data/lookups/CAMEO.goldsteinscale.txt")
    scale = read_scale("goldstein")
    assert {row.code: row.score for row in scale.rows if row.score is not None} == {
        code: float(score) for code, score in published.items()
    }


def test_codes_without_a_published_score_have_none_rather_than_zero() -> None:
    rows = read_scale("goldstein").rows
    assert {row.code for row in rows if row.score is None} == {"1213", "1214"}


def test_types_equal_the_crosswalk_wherever_it_maps_a_code(shared: Path) -> None:
    lines = (shared / "data/plover/CAMEO2PLOVER-2021.txt").read_text(encoding="utf-8").splitlines()
    mapped = [line.split(":")[:2] for line in lines if line[:2].isdigit()]
    scale = read_scale()
    found = [(code, kind.split(",")[0].strip()) for code, kind in mapped if code != "08"]
    assert len(found) > 270
    for code, kind in found:
        row = scale.get(code)
        assert row is not None and row.type == kind, code


@pytest.mark.parametrize("name", ["goldstein", "plover"])
def test_quad_follows_the_root_of_the_code(name: str) -> None:
    for row in read_scale(name).rows:
        root = int(row.code[:2])
        assert row.quad == (1 if root <= 5 else 2 if root <= 9 else 3 if root <= 14 else 4), row.code


@pytest.mark.parametrize("name", ["goldstein", "plover"])
def test_all_twenty_roots_and_their_general_codes_are_there(name: str) -> None:
    codes = read_scale(name).codes
    assert {f"{root:02d}" for root in range(1, 21)} <= codes
    assert {f"{root:02d}0" for root in range(1, 21)} <= codes


@pytest.mark.parametrize("name", ["goldstein", "plover"])
def test_every_row_has_a_type_a_label_and_references_that_the_scale_lists(name: str) -> None:
    scale = read_scale(name)
    keys = {ref.key for ref in scale.references}
    labels = [row.label for row in scale.rows]
    assert len(labels) == len(set(labels))
    for row in scale.rows:
        assert row.type in read_types()
        words = row.reference.replace(";", " ").replace(":", " ").split()
        assert keys & set(words), row.code
        assert not {word for word in words if "-" in word and word[0].isalpha()} - keys, row.code


def test_types_are_the_sixteen_of_plover_and_one_residual() -> None:
    types = read_types()
    assert list(types) == [*PLOVER, "STATEMENT"]
    assert {entry.quad for entry in types.values()} == {1, 2, 3, 4}
    assert {name for name, entry in types.items() if entry.side == "neutral"} == {"REQUEST", "STATEMENT"}


def test_the_side_of_a_type_is_the_sign_of_its_plover_score() -> None:
    scale = read_scale("plover")
    for row in scale.rows:
        assert scale.name_side(row.score) == read_types()[row.type].side, row.code


def test_plain_comment_is_kept_under_a_residual_type_that_says_so() -> None:
    rows = [row for row in read_scale().rows if row.type == "STATEMENT"]
    assert {row.code for row in rows} == {"01", "010", "011", "012", "013", "014", "015", "017"}
    assert all("not a PLOVER 0.8 type" in row.reference for row in rows)


def test_the_second_scale_gives_other_scores_for_the_same_codes_and_types() -> None:
    first, second = read_scale("goldstein"), read_scale("plover")
    assert [(r.code, r.type, r.quad, r.label) for r in first.rows] == [
        (r.code, r.type, r.quad, r.label) for r in second.rows
    ]
    assert {row.type: row.score for row in second.rows} == {
        "AGREE": 2.5, "CONSULT": 2.5, "SUPPORT": 5.0, "CONCEDE": 4.5, "COOPERATE": 9.5, "AID": 10.0,
        "RETREAT": 6.5, "REQUEST": 0.0, "ACCUSE": -3.0, "REJECT": -2.0, "THREATEN": -3.5, "PROTEST": -5.0,
        "SANCTION": -6.0, "MOBILIZE": -5.5, "COERCE": -7.0, "ASSAULT": -9.0, "STATEMENT": 0.0,
    }  # fmt: skip


def test_no_published_score_lies_on_an_edge_of_the_neutral_band() -> None:
    for name in list_scales():
        scale = read_scale(name)
        assert not {row.score for row in scale.rows} & set(scale.neutral)
        assert all(scale.low <= row.score <= scale.high for row in scale.rows if row.score is not None)


def test_a_user_scale_replaces_the_published_one(tmp_path: Path) -> None:
    scale = read_scale(write_scale(tmp_path))
    row = scale.get("042")
    assert (scale.id, scale.low, scale.high, scale.neutral) == ("mine", -1.0, 1.0, (-0.1, 0.1))
    assert row is not None and row.score == 0.5
    assert scale.codes == {"042", "1213"}
    assert "My scale" in scale.describe() and "My own values." in scale.describe()


def test_a_user_scale_is_read_again_when_its_file_changes(tmp_path: Path) -> None:
    path = write_scale(tmp_path)
    read_scale(path)
    write_scale(tmp_path, table=HEADER + "042,CONSULT,1,0.9,Visit,me\n")
    row = read_scale(path).get("042")
    assert row is not None and row.score == 0.9


def test_an_unknown_code_stays_unknown_and_does_not_fall_back_to_its_base() -> None:
    scale = read_scale()
    assert scale.get("042") is not None
    assert scale.get("0421") is None
    assert scale.get("42") is None


def test_the_arrow_table_has_the_documented_columns_and_a_null_for_a_missing_score() -> None:
    table = read_scale().to_table()
    assert [(field.name, str(field.type)) for field in table.schema] == [
        ("code", "string"), ("type", "string"), ("quad", "int8"), ("score", "double"), ("label", "string"),
    ]  # fmt: skip
    assert table.num_rows == 313
    assert table.column("score").null_count == 2


def test_a_side_is_named_by_the_neutral_band_and_missing_has_none() -> None:
    scale = read_scale()
    assert scale.name_side(3.4) == "friendly"
    assert scale.name_side(-2.0) == "unfriendly"
    assert {scale.name_side(score) for score in (-0.4, 0.0, 0.4)} == {"neutral"}
    assert scale.name_side(None) is None
    assert scale.name_side(math.nan) is None


def test_one_line_cites_the_scale() -> None:
    line = read_scale().describe()
    assert "\n" not in line
    assert "version 1.0" in line and "doi:10.1177/0022002792036002007" in line


@pytest.mark.parametrize(
    ("table", "what", "line"),
    [
        (HEADER + "042,MEETING,1,0.5,Visit,me\n", "'MEETING'", "line 2"),
        (
            HEADER + "042,CONSULT,1,0.5,Visit,me\n042,CONSULT,1,0.4,Visit,me\n",
            "'042' is given twice",
            "line 3",
        ),
        (HEADER + "042,CONSULT,1,1.5,Visit,me\n", "the score is '1.5'", "line 2"),
        (HEADER + "042,CONSULT,1,much,Visit,me\n", "the score is 'much'", "line 2"),
        (HEADER + "042,CONSULT,1,nan,Visit,me\n", "the score is 'nan'", "line 2"),
        (HEADER + "042,CONSULT,5,0.5,Visit,me\n", "the quad is '5'", "line 2"),
        (HEADER + "O42,CONSULT,1,0.5,Visit,me\n", "the code is 'O42'", "line 2"),
        (HEADER + "042,CONSULT,1,0.5,,me\n", "the label is ''", "line 2"),
        (HEADER + "042,CONSULT,1,0.5,A, visit,me\n", "more cells", "line 2"),
        (HEADER + "042,CONSULT,1\n", "fewer cells", "line 2"),
        ("code,type,quad,label,reference\n042,CONSULT,1,Visit,me\n", "column 'score' is missing", "line 1"),
        ("", "column 'code' is missing", "line 1"),
        (HEADER, "has no row", ""),
    ],
)
def test_a_wrong_table_is_refused_with_file_and_line(tmp_path: Path, table: str, what: str, line: str) -> None:
    with pytest.raises(ScaleError) as caught:
        read_scale(write_scale(tmp_path, table=table))
    assert what in caught.value.what
    assert "mine.csv" in caught.value.where and line in caught.value.where
    assert caught.value.todo


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("id: mine\n", "", "'id' is missing"),
        ('version: "1"\n', "", "'version' is missing"),
        ("range: [-1, 1]", "range: [1, -1]", "'range' is [1, -1]"),
        ("range: [-1, 1]", "range: wide", "'range' is 'wide'"),
        ("neutral: [-0.1, 0.1]", "neutral: [-2, 0.1]", "not inside range"),
        ("neutral: [-0.1, 0.1]", "neutral: [.nan, 0.1]", "'neutral' is"),
        ("  - {key: me, text: My own values., doi: null}\n", "", "'references' is None"),
        ("id: mine", "id: [mine", "not readable YAML"),
    ],
)
def test_a_wrong_head_is_refused_with_its_file(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in HEAD
    with pytest.raises(ScaleError) as caught:
        read_scale(write_scale(tmp_path, head=HEAD.replace(old, new)))
    assert what in caught.value.what
    assert "mine.yml" in caught.value.where


def test_a_head_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScaleError, match="holds list"):
        read_scale(write_scale(tmp_path, head="- one\n"))


def test_a_name_that_is_no_scale_lists_those_that_are() -> None:
    with pytest.raises(ScaleError) as caught:
        read_scale("goldstien")
    assert "'goldstien'" in caught.value.what
    assert "goldstein, plover" in caught.value.todo


@pytest.mark.parametrize("kept", [".yml", ".csv"])
def test_half_a_scale_is_refused(tmp_path: Path, kept: str) -> None:
    path = write_scale(tmp_path)
    path.with_suffix(".csv" if kept == ".yml" else ".yml").unlink()
    with pytest.raises(ScaleError, match="does not exist"):
        read_scale(path)


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = write_scale(tmp_path)
    path.with_suffix(".csv").write_bytes((HEADER + "042,CONSULT,1,0.5,Visité,me\n").encode("latin-1"))
    with pytest.raises(ScaleError, match="not UTF-8"):
        read_scale(path)


def test_no_yaml_tag_runs_code(tmp_path: Path) -> None:
    head = HEAD.replace("title: My scale", "title: !!python/object/apply:os.getcwd []")
    with pytest.raises(ScaleError, match="not readable YAML"):
        read_scale(write_scale(tmp_path, head=head))


def test_the_tables_of_the_package_are_sorted_and_plain() -> None:
    for name in list_scales():
        codes = [row.code for row in read_scale(name).rows]
        assert codes == sorted(codes)
