"""Which articles belong together, and what became of them. Pure: values in, values out."""
