def test_the_event_history_is_empty(client):
    asked = {"AttributeKey": "EventName", "AttributeValue": "ModifyDBInstance"}
    assert client("cloudtrail").lookup_events(LookupAttributes=[asked], MaxResults=50)["Events"] == []
