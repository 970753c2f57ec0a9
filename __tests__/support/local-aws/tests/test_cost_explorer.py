import pytest

PERIOD = {"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}}


@pytest.fixture
def cost_explorer(client):
    return client("ce")


def test_nothing_is_covered_by_commitments(cost_explorer):
    assert cost_explorer.get_reservation_coverage(**PERIOD)["CoveragesByTime"] == []
    assert cost_explorer.get_savings_plans_coverage(**PERIOD)["SavingsPlansCoverages"] == []


def test_there_is_no_utilization_without_commitments(cost_explorer, refused):
    assert refused(cost_explorer.get_reservation_utilization, **PERIOD) == "DataUnavailableException"
    assert refused(cost_explorer.get_savings_plans_utilization, **PERIOD) == "DataUnavailableException"


def test_nothing_is_recommended(cost_explorer):
    assert cost_explorer.get_reservation_purchase_recommendation(Service="Amazon ElastiCache")["Recommendations"] == []
    offer = {"SavingsPlansType": "COMPUTE_SP", "TermInYears": "ONE_YEAR", "PaymentOption": "NO_UPFRONT", "LookbackPeriodInDays": "THIRTY_DAYS"}
    assert "SavingsPlansPurchaseRecommendation" not in cost_explorer.get_savings_plans_purchase_recommendation(**offer)
