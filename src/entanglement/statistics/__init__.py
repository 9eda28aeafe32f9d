"""What is measured, over networks: intervals, curves, which cell plays which part, scalars."""
