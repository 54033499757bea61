"""Reports: scorecards and verdicts as a page, as JUnit XML, and as pictures."""
