"""SOQL: from query text to rows the running user may see.

`parse` makes the tree, `compile_query` turns it into one SQL statement whose values are all parameters,
`run_query` answers in the platform's JSON.
"""
