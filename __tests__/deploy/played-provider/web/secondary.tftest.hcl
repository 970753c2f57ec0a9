run "the_replica_has_a_key_of_its_own_and_no_credentials" {
  command = plan

  assert {
    condition     = aws_db_instance.mysql_instance_FB221159.password == null && coalesce(aws_db_instance.mysql_instance_FB221159.manage_master_user_password, false) == false
    error_message = "a replica takes its credentials from its source: AWS refuses others"
  }
  assert {
    condition     = aws_db_instance.mysql_instance_FB221159.kms_key_id == aws_kms_key.database-key_C4D88439.arn
    error_message = "a key is of one region: the replica needs its own"
  }
  assert {
    condition     = aws_db_instance.mysql_instance_FB221159.replicate_source_db == data.terraform_remote_state.cross-stack-reference-input-primary.outputs["cross-stack-output-aws_db_instancemysql_instance_FB221159arn"]
    error_message = "in another region the source is named by its ARN"
  }
}

run "the_peering_asks_for_the_primary_s_network_and_is_accepted_there" {
  command = plan

  assert {
    condition     = aws_vpc_peering_connection.peering_connection_E7A626F9.peer_region == "us-east-1" && aws_vpc_peering_connection.peering_connection_E7A626F9.auto_accept != true
    error_message = "a peering across regions cannot be accepted by the side that asks"
  }
  assert {
    condition     = aws_vpc_peering_connection_accepter.peering_accepter_27D39713.auto_accept && aws_vpc_peering_connection_accepter.peering_accepter_27D39713.vpc_peering_connection_id == aws_vpc_peering_connection.peering_connection_E7A626F9.id
    error_message = "nobody accepts the peering"
  }
}
