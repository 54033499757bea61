"""Names of OpenTelemetry's GenAI conventions, as they are used here, and our own beside them.

The conventions are in development, and the constants of ``opentelemetry-semantic-conventions`` are deprecated: they moved
to ``open-telemetry/semantic-conventions-genai``. So the names stand here, read from that repository's registry at
`REVISION`. What it has no name for begins with ``actwright.``: confirmations, digests, guardrail verdicts, and what was
refused. ``apply_guardrail`` is a proposal there; following it, no general verdict is inferred, our own word is told.
"""

from __future__ import annotations

from typing import Final

REPOSITORY: Final = "open-telemetry/semantic-conventions-genai"
REVISION: Final = "9ba9b77579bd6d44b6c124877405e99920a2fe96"
"""The commit whose registry the attributes below were read from."""
RENAMED_SINCE: Final = {"gen_ai.workflow.duration": "gen_ai.invoke_workflow.duration"}
"""Names that a later revision has changed; the later ones are used."""

SCOPE: Final = "actwright"
"""The name of the instrumentation scope."""

# Operations: the values of OPERATION, and how the names of spans begin.
INVOKE_WORKFLOW: Final = "invoke_workflow"
PLAN: Final = "plan"
CHAT: Final = "chat"
EXECUTE_TOOL: Final = "execute_tool"
APPLY_GUARDRAIL: Final = "apply_guardrail"

OPERATION: Final = "gen_ai.operation.name"
PROVIDER: Final = "gen_ai.provider.name"
AGENT_NAME: Final = "gen_ai.agent.name"
AGENT_VERSION: Final = "gen_ai.agent.version"
WORKFLOW_NAME: Final = "gen_ai.workflow.name"
CONVERSATION_ID: Final = "gen_ai.conversation.id"
PROMPT_NAME: Final = "gen_ai.prompt.name"
REQUEST_MODEL: Final = "gen_ai.request.model"
REQUEST_TEMPERATURE: Final = "gen_ai.request.temperature"
REQUEST_MAX_TOKENS: Final = "gen_ai.request.max_tokens"
RESPONSE_MODEL: Final = "gen_ai.response.model"
FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
CACHED_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
OUTPUT_TYPE: Final = "gen_ai.output.type"
TOKEN_TYPE: Final = "gen_ai.token.type"  # noqa: S105 - a name, no secret
TOOL_NAME: Final = "gen_ai.tool.name"
TOOL_TYPE: Final = "gen_ai.tool.type"
TOOL_CALL_ID: Final = "gen_ai.tool.call.id"

# Sensitive: told only where somebody opted in.
INPUT_MESSAGES: Final = "gen_ai.input.messages"
OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
EXCHANGE_DETAILS: Final = "gen_ai.client.inference.operation.details"
"""The event that carries them."""

ERROR_TYPE: Final = "error.type"
SERVER_ADDRESS: Final = "server.address"
SERVER_PORT: Final = "server.port"

GUARDRAIL_POLICY_ID: Final = "gen_ai.guardrail.policy.id"
GUARDRAIL_POLICY_VERSION: Final = "gen_ai.guardrail.policy.version"
GUARDRAIL_RESULT_TYPE: Final = "gen_ai.guardrail.result.type"
GUARDRAIL_RESULT_VALUE: Final = "gen_ai.guardrail.result.value"
PROPOSED: Final = frozenset(
    {
        GUARDRAIL_POLICY_ID,
        GUARDRAIL_POLICY_VERSION,
        GUARDRAIL_RESULT_TYPE,
        GUARDRAIL_RESULT_VALUE,
        APPLY_GUARDRAIL,
    }
)
"""Names that stand in a proposal, ``docs/gen-ai/gen-ai-guardrails.md``, and in no registry yet."""

# Our own.
GOAL: Final = "actwright.goal"
GOAL_DIGEST: Final = "actwright.goal.digest"
PLANNING_ID: Final = "actwright.planning.id"
PLANNER: Final = "actwright.planner"
PLAN_ID: Final = "actwright.plan.id"
PLAN_ACTIONS: Final = "actwright.plan.actions"
PLAN_UNDOES: Final = "actwright.plan.undoes"
QUESTIONS: Final = "actwright.questions"
PREVIEW_ID: Final = "actwright.preview.id"
PREVIEW_EFFECTS: Final = "actwright.preview.effects"
EDITED_FROM: Final = "actwright.preview.edited_from"
DIGEST: Final = "actwright.digest"
ORG_ID: Final = "actwright.org.id"
USER: Final = "actwright.user"
RUN_ID: Final = "actwright.run.id"
RUN_STATUS: Final = "actwright.run.status"
RUN_STAGE: Final = "actwright.run.stage"
EFFECTS_DONE: Final = "actwright.effects.done"
EFFECTS_TOTAL: Final = "actwright.effects.total"
GROUP_ID: Final = "actwright.group.id"
GROUP_ATTEMPT: Final = "actwright.group.attempt"
GROUP_STATUS: Final = "actwright.group.status"
ACTION_ID: Final = "actwright.action.id"
API_CALLS: Final = "actwright.api_calls"
CONFIRMATION_ID: Final = "actwright.confirmation.id"
CONFIRMATION_OUTCOME: Final = "actwright.confirmation.outcome"
APPROVER: Final = "actwright.confirmation.approver"
GRANT_ID: Final = "actwright.grant.id"
INTERVENTION: Final = "actwright.intervention"
ISSUE_CODES: Final = "actwright.issue.codes"
VERDICT: Final = "actwright.guardrail.verdict"
REFUSED: Final = "actwright.refused"
PROMPT_VERSION: Final = "actwright.prompt.version"
PROMPT_HASH: Final = "actwright.prompt.hash"
EXCHANGE_ID: Final = "actwright.exchange.id"
EXCHANGE_OUTCOME: Final = "actwright.exchange.outcome"
EXCHANGE_ROUND: Final = "actwright.exchange.round"
EXCHANGE_FAULTS: Final = "actwright.exchange.faults"
COST: Final = "actwright.cost"
SESSION_ID: Final = "actwright.session.id"

# Metrics.
OPERATION_DURATION: Final = "gen_ai.client.operation.duration"
TOKEN_USAGE: Final = "gen_ai.client.token.usage"  # noqa: S105 - a name, no secret
WORKFLOW_DURATION: Final = "gen_ai.invoke_workflow.duration"
TOOL_DURATION: Final = "gen_ai.execute_tool.duration"
CONFIRMATIONS: Final = "actwright.confirmations"
REFUSALS: Final = "actwright.refusals"
GUARDRAIL_VERDICTS: Final = "actwright.guardrail.verdicts"

SECONDS: Final = (
    0.01,
    0.02,
    0.04,
    0.08,
    0.16,
    0.32,
    0.64,
    1.28,
    2.56,
    5.12,
    10.24,
    20.48,
    40.96,
    81.92,
)
"""The conventions' boundaries of durations."""
WORKFLOW_SECONDS: Final = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)
"""The conventions' boundaries of durations of workflows."""
TOKENS: Final = tuple(4**power for power in range(14))
"""The conventions' boundaries of token counts."""
