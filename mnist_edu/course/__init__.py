"""The command `mnist-edu`; in the wheel the notebooks as well, which it lays out."""
