"""The worker: takes runs that can go on, and drives them, for every person of one org, on any number of machines.

The journal is the only truth. Whoever drives a run holds its lease and has said so in its journal; a queue, where there
is one, only says which run to look at. So a job that is lost, doubled or late does no harm: each worker also sweeps the
register for runs that are queued, abandoned or due.
"""
