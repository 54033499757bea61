"""Mutation testing: what the tests notice when one small thing in the code is made wrong.

Mutants come from ``cosmic-ray``'s operators and two of our own. They work on the syntax tree, so that methods of models,
validators and decorated functions are mutated like everything else. A mutant is never written to disk: a forked process
imports the mutated text in place of the module, and runs the tests that call the mutated function, quickest first.
"""
