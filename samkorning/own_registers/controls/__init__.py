"""Controls (kontroller): persons like the cases, drawn among those at risk on the index date.

What belongs here: who is at risk, risk sets, the keyed draw, and the account of it; functions on frames. What must not:
the order's block (samkorning.order.controls), files, and serial numbers.
"""

from samkorning.own_registers.controls.at_risk import PopulationRegister
from samkorning.own_registers.controls.drawing import DrawnControls, draw_controls

__all__ = ["DrawnControls", "PopulationRegister", "draw_controls"]
