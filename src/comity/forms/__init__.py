"""Forms: files that people write, checked line by line before anything is done with them.

| module | gives |
|---|---|
| `reading`, `document` | `read_bytes`, `read_top`: a YAML file whose every value knows its line; no tag is obeyed |
| `fields` | `Form`, `check_fields`: which fields may stand where, of what form, within what limits |
| `findings`, `problems` | `Findings`, `Problem`, `FormError`: everything that is wrong, each at its place |
| `bounds` | `find_breach`: words that go beyond the bounds of the mission |
| `schema` | `write_object`: the same forms as a JSON Schema, for editors |
| `examples`, `choices` | the examples of a room; names that somebody may have meant |

>>> from comity.forms.fields import Form, check_fields
>>> from comity.forms.findings import Findings
>>> from comity.forms.document import read_document
>>> findings = Findings()
>>> check_fields(read_document(b"titel: a plan", "plan.yml"), {"title": Form("text", required=True)}, findings)
True
>>> [problem.what for problem in findings.problems]
["there is no field 'titel' here", "the field 'title' is missing"]
"""
