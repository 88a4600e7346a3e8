"""A YAML document whose every value knows its line: nothing is constructed, no tag is obeyed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from comity.forms.problems import FormError, Problem

if TYPE_CHECKING:
    import yaml

MOST_BYTES = 1_000_000
DEEPEST = 24
MOST_NODES = 40_000
"""Values in one document; reading so many takes about as long as anybody waits."""
PLAIN_TAGS = {"str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value"}


@dataclass(frozen=True)
class Node:
    """A value with its place.

    Parameters
    ----------
    form : str
        `map`, `list`, `text` or `empty`.
    line, column : int
        Where it begins, counted from 1.
    path : str
        Field names from the top, joined with dots.
    text : str
        A scalar as it was written, without its quotes: `051` stays `051` and `NO` stays `NO`.
    plain : bool
        Whether a scalar stands without quotes.
    fields : dict
        Of a map.
    items : tuple
        Of a list.
    """

    form: str
    line: int
    column: int
    path: str
    text: str = ""
    plain: bool = False
    fields: dict[str, Node] = field(default_factory=dict)
    items: tuple[Node, ...] = ()

    def get(self, name: str) -> Node | None:
        """Return a field of a map, or None."""
        return self.fields.get(name)

    def read_text(self, name: str, default: str = "") -> str:
        """Return a field's text, or the default."""
        found = self.get(name)
        return default if found is None else found.text.strip()


def read_document(data: bytes, file: str, most: Mapping[str, int] | None = None) -> Node:
    """Read one YAML document into nodes.

    Parameters
    ----------
    data : bytes
        UTF-8.
    file : str
        Name for messages.
    most : mapping of str to int, optional
        By field of the top: items that its list may hold. One more ends the reading there, before anything is built.

    Returns
    -------
    Node
        The top.

    Raises
    ------
    FormError
        Not UTF-8, not YAML, more than one document, anchors or tags, a field given twice, too large or too deep.
    """
    import yaml

    text = _decode(data, file)
    try:
        _refuse_tricks(text, file, most or {})
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _explain_yaml(error, file, text) from error
    if node is None:
        todo = "begin with the line that names its form and version"
        raise FormError([Problem(1, 1, "", "the file is empty", todo=todo)], file)
    problems: list[Problem] = []
    top = _convert(node, "", problems)
    if problems:
        raise FormError(problems, file)
    return top


def _decode(data: bytes, file: str) -> str:
    """Return the text, or say what is wrong with the bytes."""
    if len(data) > MOST_BYTES:
        what = f"the file has more than {MOST_BYTES:,} bytes"
        raise FormError([Problem(1, 1, "", what, todo="write one document in one file")], file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = f"the file is not UTF-8 (byte {error.start})"
        raise FormError([Problem(line, 1, "", what, todo="save it as UTF-8")], file) from error


@dataclass
class _Census:
    """Counts how deep a document goes and how many items the lists of its top hold, event by event."""

    most: Mapping[str, int]
    depth: int = 0
    nodes: int = 0
    key: str = ""
    named: bool = False
    items: int = 0

    def count(self, event: yaml.Event) -> tuple[str, str]:
        """Take an event into account; return what goes too far, and what to do; empty texts where nothing does."""
        import yaml

        if isinstance(event, yaml.CollectionEndEvent):
            self.depth -= 1
        elif isinstance(event, yaml.NodeEvent):
            self.note(event)
            self.depth += isinstance(event, yaml.CollectionStartEvent)
        if self.depth > DEEPEST:
            return f"fields are nested more than {DEEPEST} deep", "no part of a document is so deep"
        limit = self.most.get(self.key, MOST_NODES)
        if self.items > limit:
            return f"{self.key!r} holds more than {limit:,}", f"give at most {limit:,}, or split the document"
        if self.nodes > MOST_NODES:
            return f"the document has more than {MOST_NODES:,} values", "split it into several"
        return "", ""

    def note(self, event: yaml.Event) -> None:
        """Note a value: a key or a field of the top, or an item of one of its lists."""
        self.nodes += 1
        if self.depth == 2:
            self.items += 1
        elif self.depth == 1:
            self.items = 0
            self.key = self.key if self.named else str(getattr(event, "value", ""))
            self.named = not self.named


def _refuse_tricks(text: str, file: str, most: Mapping[str, int]) -> None:
    """Stop at anchors, aliases, foreign tags, depth and size before anything is built."""
    import yaml

    census = _Census(most)
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        what, todo = _judge_event(event)
        if not what:
            what, todo = census.count(event)
        if what:
            mark: Any = event.start_mark
            raise FormError([Problem(mark.line + 1, mark.column + 1, "", what, todo=todo)], file)


def _judge_event(event: yaml.Event) -> tuple[str, str]:
    """Return what is wrong with an event, and what to do; empty texts where nothing is."""
    anchor = getattr(event, "anchor", None)
    if anchor:
        return f"the anchor {anchor!r} is used", "write the value out where it is used"
    tag = getattr(event, "tag", None)
    if tag and tag.rpartition(":")[2] not in PLAIN_TAGS:
        return f"the tag {tag!r} is used", "write plain values without tags"
    return "", ""


def _explain_yaml(error: yaml.YAMLError, file: str, text: str) -> FormError:
    """Turn the reader's complaint into a problem with a line."""
    import yaml

    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"the character U+{ord(text[error.position]):04X} cannot be seen, and may not stand in the file"
        return FormError([Problem(line, column, "", what, todo="take it out")], file)
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or " ".join(str(error).split())
    line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
    what = f"the file is not readable YAML here: {said}"
    return FormError([Problem(line, column, "", what, todo="check indentation, colons and quotes")], file)


def _convert(node: Any, path: str, problems: list[Problem]) -> Node:
    """Return a node of the reader as one of ours."""
    import yaml

    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.MappingNode):
        fields = dict(_convert_fields(node, path, problems))
        return Node("map", line, column, path, fields=fields)
    if isinstance(node, yaml.SequenceNode):
        items = (_convert(item, f"{path}[{n}]", problems) for n, item in enumerate(node.value))
        return Node("list", line, column, path, items=tuple(items))
    form = "empty" if node.tag.endswith(":null") else "text"
    return Node(form, line, column, path, text=str(node.value), plain=node.style is None)


def _convert_fields(node: Any, path: str, problems: list[Problem]) -> Iterator[tuple[str, Node]]:
    """Yield the fields of a map; one given twice is a problem and counts once."""
    import yaml

    seen: dict[str, int] = {}
    for key, value in node.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(line, column, path, "a field's name is not plain text", todo="name it in words"))
            continue
        name = str(key.value)
        here = f"{path}.{name}" if path else name
        if name in seen:
            what = f"the field {name!r} is given twice, first in line {seen[name]}"
            problems.append(Problem(line, column, here, what, "one of the two would be lost", "keep one"))
            continue
        seen[name] = line
        yield name, _convert(value, here, problems)
