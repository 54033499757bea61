"""The offline planner: from clauses to readings, from readings to actions and questions."""
