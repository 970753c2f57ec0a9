"""moto's server and what it lacks for this project: see docs/local-aws.md. Start it with `python -m local_aws --port N`."""
