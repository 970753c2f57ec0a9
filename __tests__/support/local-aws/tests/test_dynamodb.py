import pytest

TABLE = "tenants"


@pytest.fixture
def table(client):
    key = [{"AttributeName": "pk", "KeyType": "HASH"}]
    client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=key,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "g1", "g2")],
        GlobalSecondaryIndexes=[
            {"IndexName": f"by-{name}", "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}} for name in ("g1", "g2")
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return client("dynamodb")


def replicate(table):
    table.update_table(TableName=TABLE, ReplicaUpdates=[{"Create": {"RegionName": "us-west-2"}}])


def change(table, **update):
    return table.update_table(TableName=TABLE, GlobalSecondaryIndexUpdates=[update])


def described(table):
    return table.describe_table(TableName=TABLE)["Table"]


def indexes(table):
    return {index["IndexName"]: index for index in described(table).get("GlobalSecondaryIndexes", [])}


CAP = {"IndexName": "by-g1", "OnDemandThroughput": {"MaxReadRequestUnits": 1}}
LIFT = {"IndexName": "by-g1", "OnDemandThroughput": {"MaxReadRequestUnits": -1}}


def test_reads_of_an_index_can_be_capped_and_freed(table):
    change(table, Update=CAP)
    assert indexes(table)["by-g1"]["OnDemandThroughput"] == {"MaxReadRequestUnits": 1, "MaxWriteRequestUnits": -1}
    change(table, Update=LIFT)
    assert "OnDemandThroughput" not in indexes(table)["by-g1"]


def test_a_replica_has_the_indexes_and_each_side_names_the_other(client, table):
    replicate(table)
    west = client("dynamodb", "us-west-2")
    assert set(indexes(west)) == {"by-g1", "by-g2"}
    assert [replica["RegionName"] for replica in described(table)["Replicas"]] == ["us-west-2"]
    assert [replica["RegionName"] for replica in described(west)["Replicas"]] == ["us-east-1"]


def test_index_changes_reach_every_replica(client, table):
    replicate(table)
    change(table, Update=CAP)
    assert indexes(client("dynamodb", "us-west-2"))["by-g1"]["OnDemandThroughput"]["MaxReadRequestUnits"] == 1
    change(table, Delete={"IndexName": "by-g1"})
    assert set(indexes(client("dynamodb", "us-west-2"))) == {"by-g2"}


def test_a_dropped_index_takes_its_time_and_its_attribute_with_it(server, table):
    server.ask("/tap/durations", {"index_change": 60})
    change(table, Delete={"IndexName": "by-g1"})
    assert (indexes(table)["by-g1"]["IndexStatus"], described(table)["TableStatus"]) == ("DELETING", "UPDATING")
    server.advance(61)
    assert set(indexes(table)) == {"by-g2"}
    assert {one["AttributeName"] for one in described(table)["AttributeDefinitions"]} == {"pk", "g2"}


def test_one_index_change_at_a_time(server, table, refused):
    server.ask("/tap/durations", {"index_change": 60})
    change(table, Delete={"IndexName": "by-g1"})
    second = {"TableName": TABLE, "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-g2"}}]}
    assert refused(table.update_table, **second) == "LimitExceededException"


def test_a_dropped_index_can_be_created_again(table):
    change(table, Delete={"IndexName": "by-g1"})
    definition = {"IndexName": "by-g1", "KeySchema": [{"AttributeName": "g1", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
    attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "g1", "g2")]
    table.update_table(TableName=TABLE, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=[{"Create": definition}])
    assert set(indexes(table)) == {"by-g1", "by-g2"}


def test_an_unknown_index_is_refused(table, refused):
    update = {"TableName": TABLE, "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-nothing"}}]}
    assert refused(table.update_table, **update) == "ResourceNotFoundException"


def test_a_replica_that_is_dropped_is_gone(client, table, refused):
    replicate(table)
    table.update_table(TableName=TABLE, ReplicaUpdates=[{"Delete": {"RegionName": "us-west-2"}}])
    assert refused(client("dynamodb", "us-west-2").describe_table, TableName=TABLE) == "ResourceNotFoundException"
    assert "Replicas" not in described(table)


def test_a_table_can_be_deleted(table, refused):
    table.delete_table(TableName=TABLE)
    assert refused(table.describe_table, TableName=TABLE) == "ResourceNotFoundException"


def test_a_table_with_replicas_cannot_be_deleted(table, refused):
    replicate(table)
    assert refused(table.delete_table, TableName=TABLE) == "ValidationException"


def test_contributor_insights_are_of_one_index(table):
    def modes():
        summaries = table.list_contributor_insights(TableName=TABLE)["ContributorInsightsSummaries"]
        return {summary.get("IndexName"): summary.get("ContributorInsightsMode") for summary in summaries}

    assert modes() == {None: None, "by-g1": None, "by-g2": None}
    one = {"TableName": TABLE, "IndexName": "by-g1"}
    table.update_contributor_insights(**one, ContributorInsightsAction="ENABLE", ContributorInsightsMode="THROTTLED_KEYS")
    assert modes()["by-g1"] == "THROTTLED_KEYS"
    assert table.describe_contributor_insights(**one)["ContributorInsightsStatus"] == "ENABLED"
    table.update_contributor_insights(**one, ContributorInsightsAction="DISABLE")
    assert table.describe_contributor_insights(**one)["ContributorInsightsStatus"] == "DISABLED"


def test_no_table_is_a_global_one_of_2017(table):
    with pytest.raises(table.exceptions.GlobalTableNotFoundException):
        table.describe_global_table(GlobalTableName=TABLE)
