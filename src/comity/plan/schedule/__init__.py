"""Schedule: when each task of a plan starts and finishes, with whose resources, and how firm that is.

====================  ==================================================================
`check_project`       whether a project keeps its form
`schedule_tasks`      the shortest timetable, with a bound on how short one can be
`check_timetable`     every rule of a project that a timetable breaks, without the model
`measure_slack`       how far each task may move
`find_chain`          the chain of tasks that holds the last finish in place
`explain_start`       why a task does not start earlier
`revise_timetable`    what if: a timetable after changes, with few dates moved
`schedule_dates`      dates that hold in a stated share of duration scenarios
`compose_model`       a project as a constraint model, to which an objective is added
`read_timetable`      the timetable that a solver found in such a model
`read_psplib`         an instance of the library PSPLIB
====================  ==================================================================
"""

from comity.plan.schedule.change import Change, Cut, Delay, Fix, Forbid, Progress, apply_changes
from comity.plan.schedule.check import check_project
from comity.plan.schedule.composed import Composed, Work
from comity.plan.schedule.explanation import Reason, explain_start
from comity.plan.schedule.model import compose_model, read_timetable
from comity.plan.schedule.psplib import read_psplib
from comity.plan.schedule.revision import Revision, revise_timetable
from comity.plan.schedule.robust import FirmDate, Spread, schedule_dates, simulate_finishes
from comity.plan.schedule.slack import Slack, find_chain, measure_slack
from comity.plan.schedule.solve import Effort, schedule_tasks
from comity.plan.schedule.verify import Violation, check_timetable, confirm_timetable

__all__ = [
    "Change",
    "Composed",
    "Cut",
    "Delay",
    "Effort",
    "FirmDate",
    "Fix",
    "Forbid",
    "Progress",
    "Reason",
    "Revision",
    "Slack",
    "Spread",
    "Violation",
    "Work",
    "apply_changes",
    "check_project",
    "check_timetable",
    "compose_model",
    "confirm_timetable",
    "explain_start",
    "find_chain",
    "measure_slack",
    "read_psplib",
    "read_timetable",
    "revise_timetable",
    "schedule_dates",
    "schedule_tasks",
    "simulate_finishes",
]
