"""The commands and flows: how the journeys are run."""
