"""Our own suite: attacks on a Salesforce org in memory, as data and a few small actors, and honest goals beside them."""
