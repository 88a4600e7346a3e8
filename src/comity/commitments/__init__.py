"""Commitments: agreements and pledges followed to the end, with owner, deadline and evidence.

=====================================  ======================================================================
`comity.commitments.records`           the records: agreement, article, commitment, evidence, assessment
`comity.commitments.register`          the register: appended, chained, read as it stood on any day
`comity.commitments.scales`            scales of the field, their conversion; `aggregates` as published
`comity.commitments.following`         each commitment's state, what it waits for, whose step is next
`comity.commitments.agreement`         how far coders agree
`comity.commitments.followthrough`     follow-through held against difficulty
`comity.commitments.outlook`           how likely by a day, beside the base rate
`comity.commitments.suggestions`       events that may bear on a commitment
`comity.commitments.reminders`         what is due, for calendars and sinks
=====================================  ======================================================================
"""
