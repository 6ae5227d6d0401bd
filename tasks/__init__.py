"""The steps of the journeys, free of Prefect."""
