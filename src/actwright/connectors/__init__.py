"""The ways to the outside: one package a kind of target, each behind a port the inner packages own."""
