"""Mutation testing: what the tests notice when one small thing in the code is made wrong.

Mutants come from ``cosmic-ray``'s operators and two of our own. They work on the syntax tree, so that methods of models,
validators and decorated functions are mutated like everything else. A mutant is never written to disk. Where it changes
only what functions do, a process that has collected the tests forks and swaps the functions' code; anything else, such as
a decorator, a default or a table, is tried in a fork that imports the mutated text in place of the module. Each runs the
tests that call the mutated function, quickest first; after a fresh import, all other tests follow.
"""
