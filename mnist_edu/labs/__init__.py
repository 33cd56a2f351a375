"""The explorers and live labs: a module for each notebook, a function for each lab."""
