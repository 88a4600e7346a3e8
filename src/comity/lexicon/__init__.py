"""The shared words: who the actors are, and how errors speak.

=========================  ==========================================================
`identify_actor`           any code or name that means one actor, else an error with the nearest
`find_actor`               the same, or None; for long lists, where nobody reads suggestions
`get_actor`                the actor with an exact id
`name_actor`               its name for a reader, the id itself where there is none
`read_actors`              every state and intergovernmental organisation, with validity and status
`list_cameo_states`        CAMEO country code to actor id
`list_cameo_igos`          CAMEO known-group code to actor id
`list_cameo_regions`       CAMEO country code that names no state to "region" or "territory"
`identify_region`          name and states of a region of M49, such as "Western Asia" or "Africa"
`list_members`             the states that are members of an organisation on a day
`list_organisations`       the organisations whose members the lexicon knows
`read_memberships`         every membership, with first and last day and source
`Actor`, `ComityError`     the types; `UnknownActor`, `AmbiguousActor` are errors
=========================  ==========================================================

Examples
--------
>>> from comity.lexicon import identify_actor
>>> germany = identify_actor("Germany")
>>> germany.id, germany.status, germany.codes["cow"], germany.codes["gw"]
('DEU', 'member', '255', '260')
"""

from comity.lexicon.actors import (
    Actor,
    get_actor,
    list_cameo_igos,
    list_cameo_regions,
    list_cameo_states,
    name_actor,
    read_actors,
)
from comity.lexicon.errors import AmbiguousActor, ComityError, LexiconTableError, UnknownActor
from comity.lexicon.memberships import (
    KNOWN_TO,
    Membership,
    UnknownMembers,
    identify_organisation,
    list_members,
    list_organisations,
    read_memberships,
)
from comity.lexicon.names import find_actor, identify_actor
from comity.lexicon.regions import UnknownRegion, identify_region, list_regions

__all__ = [
    "KNOWN_TO",
    "Actor",
    "AmbiguousActor",
    "ComityError",
    "LexiconTableError",
    "Membership",
    "UnknownActor",
    "UnknownMembers",
    "UnknownRegion",
    "find_actor",
    "get_actor",
    "identify_actor",
    "identify_organisation",
    "identify_region",
    "list_cameo_igos",
    "list_cameo_regions",
    "list_cameo_states",
    "list_members",
    "list_organisations",
    "list_regions",
    "name_actor",
    "read_actors",
    "read_memberships",
]
