"""The end of a case's river: what was disposed of, and the receipts that prove it.

What belongs here: the two assets, which the act of disposal reports to. What must not: the act itself
(assets.steps.retention.disposing), which needs two persons and no run.
"""

from assets.deliveries import delivery
from assets.graph import cases
from assets.persons import code_key
from assets.river import spec

disposal = spec("disposal", deps=[delivery, code_key], partitions_def=cases)
receipt = spec("receipt", deps=[disposal], partitions_def=cases)
retention_assets = [disposal, receipt]
