"""The sandbox: code nobody trusts, run where it can reach only what it was given."""

from actwright.sandbox.calls import Call, SandboxDenied
from actwright.sandbox.checking import check
from actwright.sandbox.finding import Finding
from actwright.sandbox.limits import SandboxLimits
from actwright.sandbox.names import exact_name
from actwright.sandbox.pool import Executed, Sandbox
from actwright.sandbox.surface import Capability, Parameter, Surface
from actwright.sandbox.values import Opaque, Value
from actwright.sandbox.walls import Wall, walls

__all__ = [
    "Call",
    "Capability",
    "Executed",
    "Finding",
    "Opaque",
    "Parameter",
    "Sandbox",
    "SandboxDenied",
    "SandboxLimits",
    "Surface",
    "Value",
    "Wall",
    "check",
    "exact_name",
    "walls",
]
