"""Commitments: agreements and pledges followed to the end, with owner, deadline and evidence."""
