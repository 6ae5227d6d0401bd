"""A Prefect server and worker on one machine, kept running and told what to do, without Prefect's own code."""
