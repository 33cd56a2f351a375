"""A neural network that reads handwritten digits, in NumPy: the helpers of the notebook series.

The modules beside this file are the core: all that builds, trains and checks a network. Read them
in the order in which the data flows,

    data          the digits, read, split and dealt in minibatches
    initializers  how weights are drawn
    activations   ReLU and its rivals; softmax
    network       forward, backward, predict
    losses        cross-entropy and its gradient
    training      three optimizers, and the loop as a generator of reports
    metrics       accuracy, confusion matrix

then `gradient_check` and `equations`, which check the mathematics, and `_checks`, what is said of a
wrong argument. They need NumPy alone (and `threadpoolctl`, while training). The folders:

    topics          what single notebooks need beyond the core; NumPy alone as well
    widgets         what every lab is made of: pictures, controls, a canvas, the style sheet
    labs            the explorers and live labs, the number of their notebook first
    exercises       feedback on answers, a module for each notebook
    mnist           the digits, as they were published
    stored_results  what the scripts in experiments/ computed: runs too long for a notebook
    course          the command mnist-edu, which lays out the notebooks in a student's folder

Imports point one way: labs, widgets, topics, core.
"""

__version__ = "0.2.0"
