"""Keys of the questions of the lasso chapter, and the reference of its analyses.

A key is called with one student's parameters, an analysis with its data; neither leaves this house.
"""

# --- questions

# --- analyses
