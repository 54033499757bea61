"""Policy: the organisation's rules over all actions, in one file, which no blueprint, plan or model can loosen."""
