"""The language model gave nothing that can be used (exit code 1)."""

from __future__ import annotations

from actwright.errors.base import ActwrightError


class ModelError(ActwrightError):
    """The language model gave nothing that can be used. Nothing was planned."""

    code = "model_failed"


class ModelUnreachableError(ModelError):
    """No connection could be made, or it broke off before the answer was whole."""

    code = "model_unreachable"


class ModelTimeoutError(ModelError):
    """No whole answer came before the deadline."""

    code = "model_timeout"


class ModelAuthenticationError(ModelError):
    """The key is missing, was refused, or may not use the model."""

    code = "model_authentication"


class ModelBusyError(ModelError):
    """The service's limits are reached, or it is overloaded, also after waiting and trying again."""

    code = "model_busy"


class ModelRefusedError(ModelError):
    """The model, its filter or its service declined the request."""

    code = "model_refused"


class ModelReplyError(ModelError):
    """The model's answer cannot be used, also after it was told every error."""

    code = "model_reply_invalid"


class ModelBudgetError(ModelError):
    """One more request would pass the plan's ceiling of tokens or cost."""

    code = "model_budget"
