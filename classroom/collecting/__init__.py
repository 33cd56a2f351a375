"""How `collect.py` marks a folder of notebooks.

Three kinds of process, each started by the one before it:

1. `collect.py` reads the folder, keeps what has been found, writes marks and overview (`folder`,
   `marks`, `page`).
2. A *judge* for each notebook (`judge`). It never runs a line of the student's. It asks `verdict`
   about stand-ins for the student's functions.
3. A *worker*, which runs the cells (`worker`), shut in as far as the system can (`isolation`). When
   the judge calls a stand-in, the worker calls the function; arguments and results go to and fro as
   plain data (`wire`).

So whatever a notebook does to its own process, "right" takes right results.
"""
