"""Commitments: agreements and pledges followed to the end, with owner, deadline and evidence.

=====================================  ======================================================================
`comity.commitments.records`           the records: agreement, article, commitment, evidence, assessment
`comity.commitments.register`          the register: appended, chained, read as it stood on any day
=====================================  ======================================================================
"""
