"""The report: collect what was made, render one HTML file."""
