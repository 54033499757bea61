"""The connector to Salesforce, and to everything that speaks its REST interface, such as the local org."""
