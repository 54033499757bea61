"""The scan: no secret and no personal datum of the demo org in what telemetry leaves behind."""
