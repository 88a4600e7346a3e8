"""Schedule: when each task of a plan starts and finishes, with whose resources, and how firm that is.

====================  ==================================================================
`compose_model`       a project as a constraint model, to which an objective is added
`read_timetable`      the timetable that a solver found in such a model
`check_project`       whether a project keeps its form
`check_timetable`     every rule of a project that a timetable breaks, without the model
====================  ==================================================================
"""

from comity.plan.schedule.check import check_project
from comity.plan.schedule.composed import Composed, Work
from comity.plan.schedule.model import compose_model, read_timetable
from comity.plan.schedule.verify import Violation, check_timetable, confirm_timetable

__all__ = [
    "Composed",
    "Violation",
    "Work",
    "check_project",
    "check_timetable",
    "compose_model",
    "confirm_timetable",
    "read_timetable",
]
