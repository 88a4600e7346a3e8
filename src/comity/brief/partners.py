"""The lead's module of this name (created 16:57, `describe_partners`) was overwritten by mistake at 16:58.

The helper for the renderers wrote its own partners.py over it with `cat >`; no copy was found. That module is now
`ranking.py`. Please write `describe_partners` here again, over this text.
"""

raise ImportError(
    "comity.brief.partners: the lead's describe_partners was overwritten at 16:58 by the renderers' helper; "
    "please restore it here (the renderers' module is now ranking.py)"
)
