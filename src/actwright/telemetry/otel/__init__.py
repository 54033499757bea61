"""OpenTelemetry: the adapter behind the port `actwright.tracing`; the library is an extra, and imported when tracing is on.

First look at `opening.py`, then at `adapter.py`.
"""
