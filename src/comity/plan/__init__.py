"""Plan: initiatives, resources and a timeline in which every party consents and nobody is worse off.

| module | gives |
|---|---|
| `reading.read_plan(path)` | a plan's file as checked values, or every problem with its line and field |
| `catalogue.list_templates(field)` | what a plan may start from: phases, inputs, indicators, a precedent |
| `layout.lay_out_project(plan)` | project, stakes and spreads in whole numbers |
| `changes.change_plan(plan, changes)` | the plan with something changed |
| `choice`, `schedule` | which initiatives, and when: rooms of their own |
| `step.make_plan(path, settings)` | the plan that was made, as plain values |
| `mspdi`, `papers` | it as a project file, a calendar, a sheet |

>>> from comity.plan.catalogue import list_templates
>>> list_templates("border")[0].id
'local-authorities'
"""
