"""Which form each action opens over a dossier, and which commands its answers make."""

from gca_tui.ui.forms import calls, course, steps, telling
from gca_tui.ui.forms.plan import Day, Plan

PLANS = {plan.kind: plan for plan in (*telling.PLANS, *calls.PLANS, *course.PLANS, *steps.PLANS)}

__all__ = ["PLANS", "Day", "Plan"]
