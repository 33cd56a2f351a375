"""A neural network that reads handwritten digits, in NumPy: the helpers of the notebook series.

Read the modules in the order in which the data flows: `data`, `initializers`, `activations`,
`network`, `losses`, `training`, `metrics`. They need NumPy alone (and `threadpoolctl`, while
training). `gradient_check` and `equations` check the mathematics; `plots`, `explorer` and `labs`
show it.
"""

__version__ = "0.1.0"
