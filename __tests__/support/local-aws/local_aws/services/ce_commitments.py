"""
Reservations and Savings Plans of an account that has none: nothing is covered, nothing is recommended, and AWS refuses to tell of a
utilization. Stock moto has none of these calls.
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetReservationUtilization.html
"""

from moto.ce.responses import CostExplorerResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult

from ..patching import adds


class DataUnavailable(JsonRESTError):
    def __init__(self) -> None:
        super().__init__("DataUnavailableException", "The requested data is unavailable.")


@adds(CostExplorerResponse)
def get_reservation_coverage(self: CostExplorerResponse) -> ActionResult:
    return ActionResult({"CoveragesByTime": []})


@adds(CostExplorerResponse)
def get_savings_plans_coverage(self: CostExplorerResponse) -> ActionResult:
    return ActionResult({"SavingsPlansCoverages": []})


@adds(CostExplorerResponse)
def get_reservation_utilization(self: CostExplorerResponse) -> ActionResult:
    raise DataUnavailable


@adds(CostExplorerResponse)
def get_savings_plans_utilization(self: CostExplorerResponse) -> ActionResult:
    raise DataUnavailable


@adds(CostExplorerResponse)
def get_reservation_purchase_recommendation(self: CostExplorerResponse) -> ActionResult:
    return ActionResult({"Recommendations": []})


@adds(CostExplorerResponse)
def get_savings_plans_purchase_recommendation(self: CostExplorerResponse) -> ActionResult:
    return ActionResult({})
